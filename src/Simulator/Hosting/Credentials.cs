using Jarvis.Simulator.Access;

namespace Jarvis.Simulator.Hosting;

/// <summary>Who may sign in at the start: what the options give, or a token made up on the spot.</summary>
internal sealed class Credentials(SimulatorOptions options)
{
    /// <summary>The made-up token as it stands in the header.</summary>
    public string? Generated { get; private set; }

    public AccessControl Build()
    {
        var access = new AccessControl();
        if (options.User is not null)
        {
            var account = Owner(access, options.User, "user");
            account.Password = new Secret(options.Password
                ?? throw new ArgumentException("user needs a password", nameof(options)), Secret.Stretched);
        }
        var token = options.Token;
        if (token is null && options.User is null)
        {
            Generated = token = $"root@pam!sim={Guid.NewGuid()}";
        }
        if (token is not null)
        {
            AddToken(access, token);
        }
        return access;
    }

    private static void AddToken(AccessControl access, string text)
    {
        var (mark, equals) = (text.IndexOf('!', StringComparison.Ordinal), text.LastIndexOf('='));
        if (mark < 1 || equals < mark + 2 || !Guid.TryParse(text[(equals + 1)..], out _))
        {
            throw new ArgumentException("token must look like user@realm!name=UUID", nameof(text));
        }
        var id = text[(mark + 1)..equals];
        Owner(access, text[..mark], "token").Tokens[id] = new ApiToken(id,
            new Secret(text[(equals + 1)..]))
        { Separated = false };
    }

    private static Account Owner(AccessControl access, string user, string option)
    {
        if (user.IndexOf('@', StringComparison.Ordinal) < 1 || user.EndsWith('@'))
        {
            throw new ArgumentException($"{option} must name a realm, as root@pam", option);
        }
        if (access.Find(user) is { } known)
        {
            return known;
        }
        access.Grant(new Acl("/", AclKind.User, user, Role.Administrator, true));
        return access.Add(user);
    }
}
