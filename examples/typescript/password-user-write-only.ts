// The guide's first user for teams that keep passwords: generated, and written to AWS without a way back.

import * as aws from "@pulumi/aws";
import * as random from "@pulumi/random";

const password = new random.RandomPassword("password", { length: 32, special: false });

new aws.elasticache.User("test", {
    userId: "test-user",
    userName: "test-user",
    accessString: "on ~app::* -@all +@read -@keyspace -@dangerous",
    engine: "redis",
    passwordsWo: password.result,
    passwordsWoVersion: 1,
});
