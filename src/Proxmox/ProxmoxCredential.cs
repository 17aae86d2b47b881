using System.Text.RegularExpressions;

namespace Jarvis.Proxmox;

/// <summary>Who the client is. The secret is read when needed, so that a rotated file is noticed.</summary>
public abstract partial record ProxmoxCredential
{
    private ProxmoxCredential()
    {
    }

    /// <summary>An API token, read as <c>user@realm!id=secret</c>.</summary>
    public sealed record Token(Func<string> Read) : ProxmoxCredential;

    /// <summary>A user with a password, exchanged for a ticket.</summary>
    public sealed record Login(string User, Func<string> ReadPassword) : ProxmoxCredential;

    public static ProxmoxCredential FromToken(string token)
    {
        CheckToken(token, "the API token");
        return new Token(() => token);
    }

    public static ProxmoxCredential FromTokenFile(string path) =>
        new Token(() => CheckToken(File.ReadAllText(path).Trim(), $"the API token in {path}"));

    public static ProxmoxCredential FromLogin(string user, string password) => new Login(CheckUser(user), () => password);

    public static ProxmoxCredential FromLoginFile(string user, string path) =>
        new Login(CheckUser(user), () => File.ReadAllText(path).TrimEnd('\r', '\n'));

    private static string CheckToken(string token, string what) =>
        TokenForm().IsMatch(token)
            ? token
            : throw new ArgumentException($"{what} must look like user@realm!tokenid=secret.", nameof(token));

    private static string CheckUser(string user) =>
        UserForm().IsMatch(user)
            ? user
            : throw new ArgumentException($"'{user}' must look like user@realm, as root@pam.", nameof(user));

    [GeneratedRegex(@"\A[^\s:/!=]+@[A-Za-z][\w.\-]*![A-Za-z][\w.\-]*=[^\s;=]+\z")]
    private static partial Regex TokenForm();

    [GeneratedRegex(@"\A[^\s:/!=]+@[A-Za-z][\w.\-]*\z")]
    private static partial Regex UserForm();
}
