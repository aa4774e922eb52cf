// The guide's first user, mended: IAM instead of a password, commands that read, and one name in lower case.

import * as aws from "@pulumi/aws";

new aws.elasticache.User("test", {
    userId: "test-user",
    userName: "test-user",
    accessString: "on ~app::* -@all +@read -@keyspace -@dangerous",
    engine: "redis",
    authenticationMode: { type: "iam" },
});
