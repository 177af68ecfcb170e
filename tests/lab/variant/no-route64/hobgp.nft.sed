# nftables.conf: nobody there, nothing to translate
s/, 2001:db8:400::1//
/route64/d
