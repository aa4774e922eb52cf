// The guide's third user for teams that keep passwords: both are generated, and replaced one after the other.

import * as aws from "@pulumi/aws";
import * as random from "@pulumi/random";

const current = new random.RandomPassword("current", { length: 32, special: false });
const next = new random.RandomPassword("next", { length: 32, special: false });

new aws.elasticache.User("test", {
    userId: "rotation-user",
    userName: "rotation-user",
    accessString: "on ~sessions:* -@all +@read +@write -@keyspace -@dangerous -@scripting +del +expire",
    engine: "redis",
    authenticationMode: { type: "password", passwords: [current.result, next.result] },
});
