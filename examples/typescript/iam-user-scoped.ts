// The guide's second user, mended: its own keys, commands that read and write them, and one name in lower case.

import * as aws from "@pulumi/aws";

new aws.elasticache.User("test", {
    userId: "test-user",
    userName: "test-user",
    accessString: "on ~app:* -@all +@read +@write -@keyspace -@dangerous -@scripting +del +expire",
    engine: "redis",
    authenticationMode: { type: "iam" },
});
