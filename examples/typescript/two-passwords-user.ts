// The guide's third user, as it is written there: two passwords in the program, and every command on every key.

import * as aws from "@pulumi/aws";

new aws.elasticache.User("test", {
    userId: "testUserId",
    userName: "testUserName",
    accessString: "on ~* +@all",
    engine: "redis",
    authenticationMode: { type: "password", passwords: ["password1", "password2"] },
});
