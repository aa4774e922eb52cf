using System;
using Examples;
using Pulumi;

return await Deployment.RunAsync(() =>
{
    // pulumi config set example two-passwords-user-iam
    Action create = new Config().Require("example") switch
    {
        "password-user" => PasswordUser.Create,
        "password-user-iam" => PasswordUserIam.Create,
        "password-user-write-only" => PasswordUserWriteOnly.Create,
        "iam-user" => IamUser.Create,
        "iam-user-scoped" => IamUserScoped.Create,
        "two-passwords-user" => TwoPasswordsUser.Create,
        "two-passwords-user-iam" => TwoPasswordsUserIam.Create,
        "two-passwords-user-managed" => TwoPasswordsUserManaged.Create,
        var other => throw new ArgumentException($"no example is named {other}"),
    };
    create();
});
