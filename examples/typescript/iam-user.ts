// The guide's second user, as it is written there: every command on every key, and names in mixed case.

import * as aws from "@pulumi/aws";

new aws.elasticache.User("test", {
    userId: "testUserId",
    userName: "testUserName",
    accessString: "on ~* +@all",
    engine: "redis",
    authenticationMode: { type: "iam" },
});
