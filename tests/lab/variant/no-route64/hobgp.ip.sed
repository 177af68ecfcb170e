# topology.sh: no tunnel to route64
/route64/d
/^addr add 2001:db8:400::2/d
