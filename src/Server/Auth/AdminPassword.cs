namespace Jarvis.Server.Auth;

/// <summary>The file that holds the administrator's password, if one is named.</summary>
/// <param name="File">Null when none is named.</param>
/// <param name="User">The account it is for.</param>
public sealed record AdminPassword(string? File, string User)
{
    internal const int Shortest = 8;
    internal const string Legal = "A password has 8 to 1024 characters.";

    /// <summary>The file's first line, or why there is none.</summary>
    public (string? Password, string? Trouble) Read()
    {
        if (File is null) return (null, null);
        try
        {
            using var reader = new StreamReader(File);
            var line = reader.ReadLine()?.TrimEnd() ?? "";
            return line.Length is >= Shortest and <= LoginRequest.LongestPassword
                ? (line, null)
                : (null, $"the first line of the password file has {line.Length} characters; {Shortest} to {LoginRequest.LongestPassword} are needed");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, e is FileNotFoundException or DirectoryNotFoundException ? "the password file does not exist" : "the password file cannot be read");
        }
    }
}
