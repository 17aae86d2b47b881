using System.Globalization;
using Jarvis.Server.Agent.Providers;
using Jarvis.Server.Persistence;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Agent;

/// <summary>Who is charged: one call of a model within a conversation.</summary>
internal sealed record Charge(string Session, string Provider, string Model);

/// <summary>What was spent and what may be, in millionths of a US dollar; open reservations count as spent.</summary>
internal sealed record SpendState(long Today, long ThisMonth, long DailyCap, long MonthlyCap)
{
    public long Left => Math.Max(0, Math.Min(DailyCap - Today, MonthlyCap - ThisMonth));
}

/// <summary>What one conversation spent with one model on one day (UTC).</summary>
internal sealed record SpendLine(DateOnly Day, string Session, string Provider, string Model, long Calls, long Micros, long Input, long CacheRead, long CacheWrite, long Output);

/// <summary>The ledger of what models cost. A call's most is reserved before it is made and settled after it; what a crash
/// leaves reserved stays spent, so that the caps hold whatever happens.</summary>
internal sealed class Spend(AppDb db, IOptions<AgentOptions> options, TimeProvider time)
{
    internal const string Tables = """
        CREATE TABLE spend (
            id INTEGER PRIMARY KEY, at INTEGER NOT NULL, day TEXT NOT NULL, session TEXT NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL,
            micros INTEGER NOT NULL CHECK (micros >= 0), input INTEGER NOT NULL DEFAULT 0, cache_read INTEGER NOT NULL DEFAULT 0,
            cache_write INTEGER NOT NULL DEFAULT 0, output INTEGER NOT NULL DEFAULT 0, settled INTEGER NOT NULL DEFAULT 0);
        CREATE INDEX spend_day ON spend (day, micros);
        """;

    private const string DayForm = "yyyy-MM-dd";
    private const string MonthForm = "yyyy-MM";
    private static readonly TimeSpan Kept = TimeSpan.FromDays(400);

    /// <summary>Sets aside the most that a call can cost and gives the entry's id.</summary>
    /// <exception cref="ProviderException">It could go over a cap, or cannot be written down.</exception>
    public async Task<long> ReserveAsync(Charge charge, long most, CancellationToken cancellationToken)
    {
        var id = 0L;
        try
        {
            await db.WriteAsync(
                connection =>
                {
                    var state = Read(connection);
                    if (most > state.Left && most > 0) throw Refusal(charge.Provider, state);
                    Run(connection, "DELETE FROM spend WHERE day < $day", ("$day", Day(time.GetUtcNow() - Kept)));
                    id = Insert(connection, charge, most);
                },
                cancellationToken);
        }
        catch (SqliteException e)
        {
            throw new ProviderException(charge.Provider, Trouble.Budget, $"{charge.Provider} was not asked: what it costs cannot be written down ({e.Message}).");
        }

        return id;
    }

    /// <summary>Puts what the call did cost in the place of what was reserved.</summary>
    public Task SettleAsync(long id, Tokens tokens, long micros) => db.WriteAsync(
        connection => Run(
            connection,
            "UPDATE spend SET micros = $micros, input = $input, cache_read = $read, cache_write = $write, output = $output, settled = 1 WHERE id = $id",
            ("$id", id), ("$micros", micros), ("$input", tokens.Input), ("$read", tokens.CacheRead), ("$write", tokens.CacheWrite), ("$output", tokens.Output)),
        CancellationToken.None);

    /// <summary>Gives back what was reserved for a call that was turned away.</summary>
    public Task ReleaseAsync(long id) => db.WriteAsync(connection => Run(connection, "DELETE FROM spend WHERE id = $id", ("$id", id)), CancellationToken.None);

    public Task<SpendState> NowAsync(CancellationToken cancellationToken) => db.ReadAsync(Read, cancellationToken);

    /// <summary>Per day, conversation and model, the newest day first.</summary>
    public Task<IReadOnlyList<SpendLine>> LinesAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken) => db.ReadAsync<IReadOnlyList<SpendLine>>(
        connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = """
                SELECT day, session, provider, model, count(*), sum(micros), sum(input), sum(cache_read), sum(cache_write), sum(output)
                FROM spend WHERE day BETWEEN $from AND $to GROUP BY day, session, provider, model ORDER BY day DESC, max(id) DESC LIMIT 10000
                """;
            command.Parameters.AddWithValue("$from", from.ToString(DayForm, CultureInfo.InvariantCulture));
            command.Parameters.AddWithValue("$to", to.ToString(DayForm, CultureInfo.InvariantCulture));
            using var reader = command.ExecuteReader();
            var lines = new List<SpendLine>();
            while (reader.Read())
            {
                lines.Add(new(
                    DateOnly.ParseExact(reader.GetString(0), DayForm, CultureInfo.InvariantCulture), reader.GetString(1), reader.GetString(2), reader.GetString(3),
                    reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7), reader.GetInt64(8), reader.GetInt64(9)));
            }

            return lines;
        },
        cancellationToken);

    /// <summary>What to tell when the caps leave no room for a call.</summary>
    public static ProviderException Refusal(string provider, SpendState state) =>
        state.DailyCap - state.Today <= state.MonthlyCap - state.ThisMonth
            ? new(provider, Trouble.Budget, $"{provider} was not asked: {Usd(state.Today)} of today's {Usd(state.DailyCap)} are spent (Agent:DailyUsd), and the call could go over.")
            : new(provider, Trouble.Budget, $"{provider} was not asked: {Usd(state.ThisMonth)} of this month's {Usd(state.MonthlyCap)} are spent (Agent:MonthlyUsd), and the call could go over.");

    private static string Usd(long micros) => string.Create(CultureInfo.InvariantCulture, $"{micros / 1_000_000m:0.00} USD");

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString(DayForm, CultureInfo.InvariantCulture);

    private static long Micros(decimal usd) => (long)(usd * 1_000_000);

    private SpendState Read(SqliteConnection connection)
    {
        var now = time.GetUtcNow();
        var month = now.UtcDateTime.ToString(MonthForm, CultureInfo.InvariantCulture);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT coalesce(sum(micros) FILTER (WHERE day = $day), 0), coalesce(sum(micros), 0) FROM spend WHERE day BETWEEN $first AND $last";
        command.Parameters.AddWithValue("$day", Day(now));
        command.Parameters.AddWithValue("$first", $"{month}-01");
        command.Parameters.AddWithValue("$last", $"{month}-31");
        using var reader = command.ExecuteReader();
        reader.Read();
        return new(reader.GetInt64(0), reader.GetInt64(1), Micros(options.Value.DailyUsd), Micros(options.Value.MonthlyUsd));
    }

    private long Insert(SqliteConnection connection, Charge charge, long micros)
    {
        var now = time.GetUtcNow();
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO spend (at, day, session, provider, model, micros) VALUES ($at, $day, $session, $provider, $model, $micros) RETURNING id";
        command.Parameters.AddWithValue("$at", now.ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$day", Day(now));
        command.Parameters.AddWithValue("$session", charge.Session);
        command.Parameters.AddWithValue("$provider", charge.Provider);
        command.Parameters.AddWithValue("$model", charge.Model);
        command.Parameters.AddWithValue("$micros", micros);
        return (long)command.ExecuteScalar()!;
    }

    private static void Run(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }
}
