"""What servers print of the calls that they ran, read back: one module per kind of capture.

The kinds are MONITOR, `INFO commandstats`, ACL LOG, SLOWLOG and COMMANDLOG, in the shapes that redis-cli and valkey-cli
give them. `acl.captures.reader.read` tells them apart by what the lines hold.
"""
