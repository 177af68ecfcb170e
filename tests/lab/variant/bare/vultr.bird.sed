# keys come with a call of their own
/^[[:space:]]*password /d
