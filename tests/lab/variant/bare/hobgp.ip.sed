# topology.sh: no tunnels and what is on them, no routes of our own
/^tunnel /d
/^link set g/d
/^addr add .* dev g/d
/^route add .* dev gif0$/d
/^route add 2001:19f0:/d
