using System.Security.Cryptography;

namespace Jarvis.Simulator.Access;

/// <summary>A user with its tokens; passwords and token secrets are kept as salted hashes.</summary>
internal sealed class Account(string id)
{
    public string Id => id;
    public string Realm => id[(id.LastIndexOf('@') + 1)..];
    public bool Enabled { get; set; } = true;
    public long Expire { get; set; }
    public string? Comment { get; set; }
    public string? Email { get; set; }
    public string? FirstName { get; set; }
    public string? LastName { get; set; }
    public SortedSet<string> Groups { get; } = new(StringComparer.Ordinal);
    public SortedDictionary<string, ApiToken> Tokens { get; } = new(StringComparer.Ordinal);
    public Secret? Password { get; set; }

    public bool Usable(DateTimeOffset now) => Enabled && (Expire == 0 || Expire > now.ToUnixTimeSeconds());
}

/// <summary>A key of a user; separated ones have at most what their own ACLs grant.</summary>
internal sealed class ApiToken(string id, Secret secret)
{
    public string Id => id;
    public Secret Secret { get; set; } = secret;
    public bool Separated { get; set; } = true;
    public long Expire { get; set; }
    public string? Comment { get; set; }
}

/// <summary>A salted hash; what people choose is stretched, random token secrets need it not.</summary>
internal sealed class Secret
{
    public const int Stretched = 5000;
    private readonly byte[] salt = RandomNumberGenerator.GetBytes(16);
    private readonly byte[] hash;
    private readonly int rounds;

    public Secret(string text, int rounds = 1)
    {
        this.rounds = rounds;
        hash = Hash(text);
    }

    public bool Matches(string text) => CryptographicOperations.FixedTimeEquals(hash, Hash(text));

    private byte[] Hash(string text) => Rfc2898DeriveBytes.Pbkdf2(text, salt, rounds, HashAlgorithmName.SHA256, 32);
}

/// <summary>One line of the access control list.</summary>
internal sealed record Acl(string Path, AclKind Kind, string Subject, string Role, bool Propagate);

internal enum AclKind
{
    User,
    Group,
    Token,
}
