using System.Text.Json;
using Jarvis.Server.Persistence;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent;

/// <summary>A conversation in short.</summary>
public sealed record ChatSession(string Id, string Title, DateTimeOffset StartedAt, DateTimeOffset UsedAt);

/// <summary>A message as people are shown it: who said it, and for an answer who gave it and what it did.</summary>
public sealed record ChatLine(int Number, string Role, string Text, DateTimeOffset At, string? Provider, IReadOnlyList<ChatToolLine> Tools);

/// <summary>Conversations of people, each seen by its own person alone.</summary>
internal sealed class Conversations(AppDb db, TimeProvider time)
{
    internal const string Tables =
        "CREATE TABLE chats (id TEXT PRIMARY KEY, person TEXT NOT NULL, title TEXT NOT NULL, started_at INTEGER NOT NULL, used_at INTEGER NOT NULL) WITHOUT ROWID;"
        + "CREATE INDEX chats_of ON chats (person, used_at);"
        + "CREATE TABLE chat_lines (chat TEXT NOT NULL REFERENCES chats (id) ON DELETE CASCADE, number INTEGER NOT NULL, role TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL, provider TEXT, tools TEXT, messages TEXT NOT NULL, PRIMARY KEY (chat, number)) WITHOUT ROWID";

    public const int MostPerPerson = 200;
    private const int LongestTitle = 80;
    private const int MostLines = 200;

    public Task<IReadOnlyList<ChatSession>> OfAsync(string person, CancellationToken cancellationToken) => db.ReadAsync<IReadOnlyList<ChatSession>>(
        connection =>
        {
            using var command = Command(connection, "SELECT id, title, started_at, used_at FROM chats WHERE person = $person ORDER BY used_at DESC LIMIT $most", ("$person", person), ("$most", MostPerPerson));
            using var reader = command.ExecuteReader();
            var all = new List<ChatSession>();
            while (reader.Read()) all.Add(new(reader.GetString(0), reader.GetString(1), At(reader.GetInt64(2)), At(reader.GetInt64(3))));
            return all;
        },
        cancellationToken);

    /// <summary>The newest lines of a conversation, in their order; null when the person has none of this id.</summary>
    public Task<IReadOnlyList<ChatLine>?> LinesAsync(string person, string id, CancellationToken cancellationToken) => db.ReadAsync<IReadOnlyList<ChatLine>?>(
        connection =>
        {
            if (!IsOf(connection, person, id)) return null;
            using var command = Command(connection, "SELECT number, role, text, at, provider, tools FROM chat_lines WHERE chat = $id ORDER BY number DESC LIMIT $most", ("$id", id), ("$most", MostLines));
            using var reader = command.ExecuteReader();
            var all = new List<ChatLine>();
            while (reader.Read())
            {
                all.Add(new(
                    reader.GetInt32(0), reader.GetString(1), reader.GetString(2), At(reader.GetInt64(3)), reader.IsDBNull(4) ? null : reader.GetString(4),
                    reader.IsDBNull(5) ? [] : JsonSerializer.Deserialize(reader.GetString(5), AgentJson.Default.IReadOnlyListChatToolLine)!));
            }

            all.Reverse();
            return all;
        },
        cancellationToken);

    /// <summary>What a model is given of a conversation; null when the person has none of this id.</summary>
    public Task<List<ChatMessage>?> HistoryAsync(string person, string id, CancellationToken cancellationToken) => db.ReadAsync<List<ChatMessage>?>(
        connection =>
        {
            if (!IsOf(connection, person, id)) return null;
            using var command = Command(connection, "SELECT messages FROM chat_lines WHERE chat = $id ORDER BY number DESC LIMIT $most", ("$id", id), ("$most", MostLines));
            using var reader = command.ExecuteReader();
            var parts = new List<List<ChatMessage>>();
            while (reader.Read()) parts.Add(JsonSerializer.Deserialize<List<ChatMessage>>(reader.GetString(0), AIJsonUtilities.DefaultOptions)!);
            parts.Reverse();
            return [.. parts.SelectMany(p => p)];
        },
        cancellationToken);

    /// <summary>Begins a conversation with its first words as its title; the oldest of a person who has too many goes.</summary>
    public async Task<string> BeginAsync(string person, string text, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        var title = Safety.PlainText.Shown(text.ReplaceLineEndings(" ").Trim(), LongestTitle);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await db.WriteAsync(
            connection =>
            {
                Run(connection, "INSERT INTO chats VALUES ($id, $person, $title, $now, $now)", ("$id", id), ("$person", person), ("$title", title), ("$now", now));
                Run(connection, "DELETE FROM chat_lines WHERE chat IN (SELECT id FROM chats WHERE person = $person ORDER BY used_at DESC LIMIT -1 OFFSET $most)", ("$person", person), ("$most", MostPerPerson));
                Run(connection, "DELETE FROM chats WHERE id IN (SELECT id FROM chats WHERE person = $person ORDER BY used_at DESC LIMIT -1 OFFSET $most)", ("$person", person), ("$most", MostPerPerson));
            },
            cancellationToken);
        return id;
    }

    /// <summary>Adds a question and its answer, or what came of it, in one.</summary>
    public Task AddAsync(string id, IReadOnlyList<NewLine> lines, CancellationToken cancellationToken) => db.WriteAsync(
        connection =>
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            foreach (var line in lines)
            {
                Run(connection,
                    "INSERT INTO chat_lines SELECT $id, COALESCE((SELECT MAX(number) FROM chat_lines WHERE chat = $id), 0) + 1, $role, $text, $now, $provider, $tools, $messages WHERE EXISTS (SELECT 1 FROM chats WHERE id = $id)",
                    ("$id", id), ("$role", line.Role), ("$text", line.Text), ("$now", now), ("$provider", line.Provider ?? (object)DBNull.Value),
                    ("$tools", line.Tools.Count == 0 ? DBNull.Value : JsonSerializer.Serialize(line.Tools, AgentJson.Default.IReadOnlyListChatToolLine)),
                    ("$messages", JsonSerializer.Serialize(line.Messages, AIJsonUtilities.DefaultOptions)));
            }

            Run(connection, "UPDATE chats SET used_at = $now WHERE id = $id", ("$id", id), ("$now", now));
        },
        cancellationToken);

    /// <summary>False when the person has none of this id.</summary>
    public async Task<bool> DeleteAsync(string person, string id, CancellationToken cancellationToken)
    {
        var found = false;
        await db.WriteAsync(
            connection =>
            {
                found = IsOf(connection, person, id);
                if (!found) return;
                Run(connection, "DELETE FROM chat_lines WHERE chat = $id", ("$id", id));
                Run(connection, "DELETE FROM chats WHERE id = $id", ("$id", id));
            },
            cancellationToken);
        return found;
    }

    private static bool IsOf(SqliteConnection connection, string person, string id)
    {
        using var command = Command(connection, "SELECT 1 FROM chats WHERE id = $id AND person = $person", ("$id", id), ("$person", person));
        return command.ExecuteScalar() is not null;
    }

    private static void Run(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = Command(connection, sql, values);
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
        return command;
    }

    private static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}

/// <summary>A line to be kept, with the messages that a model is given for it later.</summary>
internal sealed record NewLine(string Role, string Text, string? Provider, IReadOnlyList<ChatToolLine> Tools, IReadOnlyList<ChatMessage> Messages);
