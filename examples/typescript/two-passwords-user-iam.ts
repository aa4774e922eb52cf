// The guide's third user, mended: with IAM there is nothing to rotate, since its tokens end after minutes.

import * as aws from "@pulumi/aws";

new aws.elasticache.User("test", {
    userId: "rotation-user",
    userName: "rotation-user",
    accessString: "on ~sessions:* -@all +@read +@write -@keyspace -@dangerous -@scripting +del +expire",
    engine: "redis",
    authenticationMode: { type: "iam" },
});
