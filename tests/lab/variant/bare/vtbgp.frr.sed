# frr.conf: what the package brings along
/^frr defaults\|^hostname\|^log\|^service/!d
