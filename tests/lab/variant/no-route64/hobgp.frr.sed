# frr.conf: no neighbor, no maps
/^route-map RM-ROUTE64-/,/^!$/d
/neighbor 2001:db8:400::1 /d
