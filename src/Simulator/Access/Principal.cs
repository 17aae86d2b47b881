namespace Jarvis.Simulator.Access;

/// <summary>Who asks: a user by ticket or one of its tokens.</summary>
internal sealed record Principal(string User, string? TokenId = null)
{
    public const string Root = "root@pam";

    public bool IsToken => TokenId is not null;
    public bool IsRoot => User == Root && TokenId is null;

    /// <summary>As it stands in UPIDs and logs.</summary>
    public string Name { get; } = TokenId is null ? User : $"{User}!{TokenId}";

    public static Principal Parse(string name)
    {
        var mark = name.IndexOf('!', StringComparison.Ordinal);
        return mark < 0 ? new(name) : new(name[..mark], name[(mark + 1)..]);
    }
}
