namespace Jarvis.Server.Auth;

/// <content>Which passwords of the password file need no second look. They are several only between a reset from outside, which may
/// or may not have changed the file, and the next start.</content>
public sealed partial class AuthStore
{
    /// <summary>Hashes of what the password file said for an account when it was last followed.</summary>
    internal Task<IReadOnlyList<string>> FileHashesAsync(string user, CancellationToken cancellationToken) => db.ReadAsync<IReadOnlyList<string>>(
        connection =>
        {
            using var command = Command(connection, "SELECT hash FROM password_file WHERE user = $user", ("$user", user));
            using var row = command.ExecuteReader();
            List<string> all = [];
            while (row.Read()) all.Add(row.GetString(0));
            return all;
        },
        cancellationToken);

    /// <summary>Remembers one password of the file and forgets the others.</summary>
    internal Task RememberFileAsync(string user, string hash, CancellationToken cancellationToken) =>
        db.WriteAsync(Statement(Remember, ("$name", user), ("$hash", hash)), cancellationToken);

    /// <summary>Adds or changes the account as the password file says.</summary>
    internal Task SaveFromFileAsync(Account account, CancellationToken cancellationToken) => db.WriteAsync(
        connection =>
        {
            Statement(Save, Values(account))(connection);
            Statement(Remember, ("$name", account.Name), ("$hash", account.PasswordHash))(connection);
        },
        cancellationToken);

    private const string Remember = "DELETE FROM password_file WHERE user = $name; INSERT INTO password_file VALUES ($name, $hash)";
}
