using Aws = Pulumi.Aws;

namespace Examples;

/// <summary>The guide's third user, mended: with IAM there is nothing to rotate, since its tokens end after
/// minutes.</summary>
public static class TwoPasswordsUserIam
{
    public static void Create()
    {
        _ = new Aws.ElastiCache.User("test", new()
        {
            UserId = "rotation-user",
            UserName = "rotation-user",
            AccessString = "on ~sessions:* -@all +@read +@write -@keyspace -@dangerous -@scripting +del +expire",
            Engine = "redis",
            AuthenticationMode = new Aws.ElastiCache.Inputs.UserAuthenticationModeArgs
            {
                Type = "iam",
            },
        });
    }
}
