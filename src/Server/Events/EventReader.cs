using System.Text.Json;
using Jarvis.Server.Persistence;
using Microsoft.Data.Sqlite;

namespace Jarvis.Server.Events;

/// <summary>Reads stored events on connections of its own; the writer never waits for it.</summary>
internal sealed class EventReader(SqliteFile file)
{
    private const int MaxBranches = 32;
    private const string Columns =
        "e.id, e.at, e.type, e.severity, e.source, e.actor, e.cluster, e.node, e.target, e.correlation, t.summary, t.data";

    public List<EventRow> Since(long id, int limit)
    {
        using var connection = file.OpenReader();
        using var command = Command(connection, $"""
            SELECT {Columns} FROM events e LEFT JOIN event_texts t ON t.id = e.id WHERE e.id > $0 ORDER BY e.id LIMIT $1
            """, [id, Math.Clamp(limit, 1, EventQuery.MaxLimit)]);
        return Rows(command);
    }

    public EventPage Read(EventQuery query)
    {
        using var connection = file.OpenReader();
        var limit = Math.Clamp(query.Limit, 1, EventQuery.MaxLimit);
        var newest = Newest(connection);
        var values = new List<object>();
        string Value(object value)
        {
            values.Add(value);
            return $"${values.Count - 1}";
        }

        var where = new List<string>();
        if (query.Before is { } before) where.Add($"id < {Value(before)}");
        if (query.After is { } after) where.Add($"id > {Value(after)}");
        if (query.Source is { } source) where.Add($"source = {Value((long)source)}");
        if (query.Cluster is { } cluster) where.Add(query.AndGeneral ? $"(cluster = {Value(cluster)} OR cluster IS NULL)" : $"cluster = {Value(cluster)}");
        if (query.Node is { } node) where.Add($"node = {Value(node)}");
        if (query.Target is { } target) where.Add($"target = {Value(target)}");
        if (query.Correlation is { } correlation) where.Add($"correlation = {Value(correlation)}");
        if (query.From is { } from) where.AddRange(Bound(connection, Value, ">=", from));
        if (query.To is { } to) where.AddRange(Bound(connection, Value, "<=", to));

        // One branch for each value of an indexed column, each in order of id: merged, they never sort more than pages.
        var branches = new List<string> { "" };
        var picked = query.Target is not null || query.Correlation is not null;
        if (query.Type is { } type)
        {
            var types = Types(connection, type);
            if (types.Count == 0) return new EventPage([], null, newest);
            if (picked || types.Count > MaxBranches) where.Add($"+type IN ({string.Join(',', types.Select(Value))})");
            else branches = [.. types.Select(t => $"type = {Value(t)}")];
            picked = true;
        }
        if (query.AtLeast is { } least && least > Severity.Info)
        {
            if (picked) where.Add($"+severity >= {(int)least}");
            else branches = [.. Enum.GetValues<Severity>().Where(s => s >= least).Select(s => $"severity = {(int)s}")];
        }

        var ids = string.Join(" UNION ALL ", branches.Select(branch =>
            $"SELECT id FROM (SELECT id FROM events {Where([branch, .. where])} ORDER BY id DESC LIMIT {limit + 1})"));
        using var command = Command(connection, $"""
            SELECT {Columns} FROM ({ids} ORDER BY id DESC LIMIT {limit + 1}) p
            JOIN events e ON e.id = p.id LEFT JOIN event_texts t ON t.id = e.id ORDER BY e.id DESC
            """, values);
        var rows = Rows(command);
        return rows.Count <= limit ? new EventPage(rows, null, newest) : new EventPage(rows[..limit], rows[limit - 1].Id, newest);
    }

    private static long Newest(SqliteConnection connection)
    {
        using var command = Command(connection, "SELECT coalesce(max(id), 0) FROM events", []);
        return (long)command.ExecuteScalar()!;
    }

    private static string Where(IEnumerable<string> terms)
    {
        var all = string.Join(" AND ", terms.Where(term => term.Length > 0));
        return all.Length == 0 ? "" : "WHERE " + all;
    }

    private static List<string> Bound(SqliteConnection connection, Func<object, string> value, string sign, DateTimeOffset moment)
    {
        var at = moment.ToUnixTimeMilliseconds();
        List<string> terms = [$"+at {sign} {value(at)}"];

        // While the clock has never gone back, ids are in order of time and the time becomes a bound on them.
        using var command = Command(connection, sign == ">="
            ? "SELECT min(id) FROM (SELECT id FROM events WHERE at = (SELECT min(at) FROM events WHERE at >= $0)) WHERE (SELECT in_order FROM head) = 1"
            : "SELECT max(id) FROM (SELECT id FROM events WHERE at = (SELECT max(at) FROM events WHERE at <= $0)) WHERE (SELECT in_order FROM head) = 1", [at]);
        if (command.ExecuteScalar() is long id) terms.Add($"id {sign} {value(id)}");
        return terms;
    }

    private static List<string> Types(SqliteConnection connection, string type)
    {
        using var command = Command(connection, """
            WITH RECURSIVE seen(type) AS (
                SELECT min(type) FROM events WHERE type >= $0 AND type < $0 || '/'
                UNION ALL SELECT (SELECT min(type) FROM events WHERE type > seen.type AND type < $0 || '/') FROM seen WHERE seen.type IS NOT NULL)
            SELECT type FROM seen WHERE type = $0 OR type LIKE $1 LIMIT 1000
            """, [type.TrimEnd('.'), type.TrimEnd('.') + ".%"]);
        using var reader = command.ExecuteReader();
        var types = new List<string>();
        while (reader.Read()) types.Add(reader.GetString(0));
        return types;
    }

    private static List<EventRow> Rows(SqliteCommand command)
    {
        using var reader = command.ExecuteReader();
        var rows = new List<EventRow>();
        while (reader.Read())
        {
            rows.Add(new EventRow(reader.GetInt64(0), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1)), new Happening
            {
                Type = reader.GetString(2),
                Severity = (Severity)reader.GetInt32(3),
                Source = (Source)reader.GetInt32(4),
                Actor = Text(reader, 5),
                Cluster = Text(reader, 6),
                Node = Text(reader, 7),
                Target = Text(reader, 8),
                Correlation = Text(reader, 9),
                Summary = Text(reader, 10) ?? "(text deleted)",
                Data = Text(reader, 11) is { } data ? JsonElement.Parse(data) : null,
            }));
        }
        return rows;
    }

    private static string? Text(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static SqliteCommand Command(SqliteConnection connection, string sql, List<object> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Count; i++) command.Parameters.AddWithValue($"${i}", values[i]);
        return command;
    }
}
