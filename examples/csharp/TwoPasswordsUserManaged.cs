using Aws = Pulumi.Aws;
using Random = Pulumi.Random;

namespace Examples;

/// <summary>The guide's third user for teams that keep passwords: both are generated, and replaced one after the
/// other.</summary>
public static class TwoPasswordsUserManaged
{
    public static void Create()
    {
        var current = new Random.RandomPassword("current", new() { Length = 32, Special = false });
        var next = new Random.RandomPassword("next", new() { Length = 32, Special = false });

        _ = new Aws.ElastiCache.User("test", new()
        {
            UserId = "rotation-user",
            UserName = "rotation-user",
            AccessString = "on ~sessions:* -@all +@read +@write -@keyspace -@dangerous -@scripting +del +expire",
            Engine = "redis",
            AuthenticationMode = new Aws.ElastiCache.Inputs.UserAuthenticationModeArgs
            {
                Type = "password",
                Passwords = { current.Result, next.Result },
            },
        });
    }
}
