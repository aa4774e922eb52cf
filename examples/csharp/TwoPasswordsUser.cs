using Aws = Pulumi.Aws;

namespace Examples;

/// <summary>The guide's third user, as it is written there: two passwords in the program, and every command on
/// every key.</summary>
public static class TwoPasswordsUser
{
    public static void Create()
    {
        _ = new Aws.ElastiCache.User("test", new()
        {
            UserId = "testUserId",
            UserName = "testUserName",
            AccessString = "on ~* +@all",
            Engine = "redis",
            AuthenticationMode = new Aws.ElastiCache.Inputs.UserAuthenticationModeArgs
            {
                Type = "password",
                Passwords = new[] { "password1", "password2" },
            },
        });
    }
}
