using System.Security.Cryptography;

namespace Jarvis.Safety.Ledger;

/// <summary>The kill switch, the approval keyword and the policy.</summary>
internal sealed class Switches(Statements sql)
{
    private const int MostWrong = 5;
    private const int HashBytes = 64;
    private static readonly TimeSpan Locked = TimeSpan.FromMinutes(15);

    /// <summary>What cannot be read counts as on.</summary>
    public KillState Kill()
    {
        try
        {
            return sql.First("SELECT NOT (typeof(active) = 'integer' AND active = 0), by, at FROM kill", r => new KillState(r.GetInt64(0) != 0, r.GetString(1), DateTimeOffset.FromUnixTimeMilliseconds(r.GetInt64(2))))
                ?? KillState.Unreadable;
        }
        catch (Exception e) when (e is Microsoft.Data.Sqlite.SqliteException or InvalidCastException or InvalidOperationException or ArgumentException)
        {
            return KillState.Unreadable;
        }
    }

    public void SetKill(bool active, string by, DateTimeOffset at) =>
        sql.Run("INSERT OR REPLACE INTO kill VALUES (1, $0, $1, $2)", active, by, ApprovalTable.Milliseconds(at));

    public bool KeywordSet => sql.Number("SELECT COUNT(*) FROM keyword") > 0;

    /// <summary>Until when no word is taken; null when it is.</summary>
    public DateTimeOffset? KeywordLockedUntil(DateTimeOffset now) =>
        sql.Number("SELECT locked_until FROM keyword") is var until && until > ApprovalTable.Milliseconds(now) ? DateTimeOffset.FromUnixTimeMilliseconds(until) : null;

    public void SetKeyword(string keyword, int rounds)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        sql.Run("INSERT OR REPLACE INTO keyword VALUES (1, $0, $1, $2, 0, 0)", salt, rounds, Hash(keyword, salt, rounds));
    }

    public void ClearKeyword() => sql.Run("DELETE FROM keyword");

    public StoredPolicy? Policy() => sql.First("SELECT text, by, at FROM policy",
        r => new StoredPolicy(r.GetString(0), r.GetString(1), DateTimeOffset.FromUnixTimeMilliseconds(r.GetInt64(2))));

    public void SetPolicy(StoredPolicy policy) =>
        sql.Run("INSERT OR REPLACE INTO policy VALUES (1, $0, $1, $2)", policy.Text, policy.By, ApprovalTable.Milliseconds(policy.At));

    public KeywordCheck Check(string? keyword, DateTimeOffset now)
    {
        var row = sql.First("SELECT salt, rounds, hash, wrong, locked_until FROM keyword",
            r => Tuple.Create((byte[])r[0], r.GetInt32(1), (byte[])r[2], r.GetInt32(3), r.GetInt64(4)));
        if (row is null) return KeywordCheck.Unset;
        var locked = DateTimeOffset.FromUnixTimeMilliseconds(row.Item5);
        if (locked > now) return KeywordCheck.Locked;
        if (keyword is { Length: > 0 and <= ApprovalKeyword.Longest } && CryptographicOperations.FixedTimeEquals(Hash(keyword, row.Item1, row.Item2), row.Item3))
        {
            sql.Run("UPDATE keyword SET wrong = 0, locked_until = 0");
            return KeywordCheck.Right;
        }
        var wrong = row.Item4 + 1;
        var full = wrong >= MostWrong;
        sql.Run("UPDATE keyword SET wrong = $0, locked_until = $1", full ? 0 : wrong, full ? ApprovalTable.Milliseconds(now + Locked) : 0L);
        return full ? KeywordCheck.Locked : KeywordCheck.Wrong;
    }

    private static byte[] Hash(string keyword, byte[] salt, int rounds) =>
        Rfc2898DeriveBytes.Pbkdf2(keyword, salt, rounds, HashAlgorithmName.SHA512, HashBytes);
}

/// <summary>The policy as it is stored: JSON, and who set it when.</summary>
internal sealed record StoredPolicy(string Text, string By, DateTimeOffset At);

internal enum KeywordCheck { Right, Wrong, Locked, Unset }

/// <summary>Whether the kill switch is on, and who set it when.</summary>
public sealed record KillState(bool Active, string By, DateTimeOffset At)
{
    internal static KillState Unreadable { get; } = new(true, "unreadable", default);

    internal static KillState Off { get; } = new(false, "", default);
}
