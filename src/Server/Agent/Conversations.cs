using System.Text.Json;
using Jarvis.Server.Persistence;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent;

/// <summary>A conversation in short.</summary>
public sealed record ChatSession(string Id, string Title, DateTimeOffset StartedAt, DateTimeOffset UsedAt);

/// <summary>A message as people are shown it: who said it, and for an answer who gave it and what it did. The role is <c>user</c>,
/// <c>assistant</c>, or <c>outcome</c> for what became of a call after its answer was given.</summary>
public sealed record ChatLine(int Number, string Role, string Text, DateTimeOffset At, string? Provider, IReadOnlyList<ChatToolLine> Tools, ChatDetails? Details);

/// <summary>What an answer rests on: the model and why it was asked, what it cost, what it says without a receipt, what it offers, and why it
/// did not come to its end.</summary>
public sealed record ChatDetails(
    string? Model, IReadOnlyList<string> Reasons, TurnEvent.Usage? Usage, string? Unproven, IReadOnlyList<ChatProposal> Proposals, string? Error, bool Stopped);

/// <summary>A conversation as it goes on: the summary of its old turns, and the messages of those that come after it.</summary>
internal sealed record Kept(string? Summary, IReadOnlyList<KeptLine> Lines, bool Tainted)
{
    public static Kept Nothing { get; } = new(null, [], false);

    /// <summary>The last line was asked, and nobody answered it.</summary>
    public bool Unanswered => Lines is [.., { Role: "user" }];

    /// <summary>Who gave the last answer.</summary>
    public string? Provider => Lines.LastOrDefault(l => l.Role is "assistant")?.Provider;

    public List<ChatMessage> History => [.. Lines.SelectMany(l => l.Messages)];
}

internal sealed record KeptLine(int Number, string Role, string? Provider, IReadOnlyList<ChatMessage> Messages);

/// <summary>Conversations of people, each seen by its own person alone.</summary>
internal sealed class Conversations(AppDb db, TimeProvider time)
{
    internal const string Tables =
        "CREATE TABLE chats (id TEXT PRIMARY KEY, person TEXT NOT NULL, title TEXT NOT NULL, started_at INTEGER NOT NULL, used_at INTEGER NOT NULL) WITHOUT ROWID;"
        + "CREATE INDEX chats_of ON chats (person, used_at);"
        + "CREATE TABLE chat_lines (chat TEXT NOT NULL REFERENCES chats (id) ON DELETE CASCADE, number INTEGER NOT NULL, role TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL, provider TEXT, tools TEXT, messages TEXT NOT NULL, PRIMARY KEY (chat, number)) WITHOUT ROWID";

    internal const string Details = "ALTER TABLE chat_lines ADD COLUMN details TEXT; ALTER TABLE chats ADD COLUMN summary TEXT; ALTER TABLE chats ADD COLUMN summary_line INTEGER NOT NULL DEFAULT 0; ALTER TABLE chats ADD COLUMN tainted INTEGER NOT NULL DEFAULT 0";

    public const int MostPerPerson = 200;
    private const int LongestTitle = 80;
    private const int MostLines = 200;
    private const int MostExported = 10_000;

    /// <summary>The newest first; with words to look for, those in which they stand one after another.</summary>
    public Task<IReadOnlyList<ChatSession>> OfAsync(string person, string? words, CancellationToken cancellationToken) => db.ReadAsync<IReadOnlyList<ChatSession>>(
        connection =>
        {
            using var command = Command(
                connection,
                "SELECT id, title, started_at, used_at FROM chats WHERE person = $person AND ($words = '' OR title LIKE $like ESCAPE '\\' OR EXISTS (SELECT 1 FROM chat_lines WHERE chat = chats.id AND text LIKE $like ESCAPE '\\')) ORDER BY used_at DESC LIMIT $most",
                ("$person", person), ("$words", words ?? ""), ("$like", $"%{Escaped(words ?? "")}%"), ("$most", MostPerPerson));
            using var reader = command.ExecuteReader();
            var all = new List<ChatSession>();
            while (reader.Read()) all.Add(new(reader.GetString(0), reader.GetString(1), At(reader.GetInt64(2)), At(reader.GetInt64(3))));
            return all;
        },
        cancellationToken);

    /// <summary>The newest lines of a conversation, in their order; null when the person has none of this id.</summary>
    public Task<IReadOnlyList<ChatLine>?> LinesAsync(string person, string id, bool all, CancellationToken cancellationToken) => db.ReadAsync<IReadOnlyList<ChatLine>?>(
        connection =>
        {
            if (!IsOf(connection, person, id)) return null;
            using var command = Command(connection, "SELECT number, role, text, at, provider, tools, details FROM chat_lines WHERE chat = $id ORDER BY number DESC LIMIT $most", ("$id", id), ("$most", all ? MostExported : MostLines));
            using var reader = command.ExecuteReader();
            var lines = new List<ChatLine>();
            while (reader.Read())
            {
                lines.Add(new(
                    reader.GetInt32(0), reader.GetString(1), reader.GetString(2), At(reader.GetInt64(3)), reader.IsDBNull(4) ? null : reader.GetString(4),
                    reader.IsDBNull(5) ? [] : JsonSerializer.Deserialize(reader.GetString(5), AgentJson.Default.IReadOnlyListChatToolLine)!,
                    reader.IsDBNull(6) ? null : JsonSerializer.Deserialize(reader.GetString(6), AgentJson.Default.ChatDetails)));
            }

            lines.Reverse();
            return lines;
        },
        cancellationToken);

    /// <summary>What a model is given of a conversation; null when the person has none of this id.</summary>
    public Task<Kept?> KeptAsync(string person, string id, CancellationToken cancellationToken) => db.ReadAsync<Kept?>(
        connection =>
        {
            using var chat = Command(connection, "SELECT summary, summary_line, tainted FROM chats WHERE id = $id AND person = $person", ("$id", id), ("$person", person));
            using var of = chat.ExecuteReader();
            if (!of.Read()) return null;
            var (summary, line, tainted) = (of.IsDBNull(0) ? null : of.GetString(0), of.GetInt32(1), of.GetBoolean(2));
            using var command = Command(connection, "SELECT number, role, provider, messages FROM chat_lines WHERE chat = $id AND number > $line ORDER BY number DESC LIMIT $most", ("$id", id), ("$line", line), ("$most", MostLines));
            using var reader = command.ExecuteReader();
            var lines = new List<KeptLine>();
            while (reader.Read()) lines.Add(new(reader.GetInt32(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), JsonSerializer.Deserialize<List<ChatMessage>>(reader.GetString(3), AIJsonUtilities.DefaultOptions)!));
            lines.Reverse();
            return new(summary, lines, tainted);
        },
        cancellationToken);

    /// <summary>Keeps what the lines up to and with this one come to in few words; the lines stay for people.</summary>
    public Task SummariseAsync(string id, int line, string summary, CancellationToken cancellationToken) => db.WriteAsync(
        connection => Run(connection, "UPDATE chats SET summary = $summary, summary_line = $line WHERE id = $id", ("$summary", summary), ("$line", line), ("$id", id)),
        cancellationToken);

    /// <summary>Text from outside was read in it, which stays so.</summary>
    public Task TaintAsync(string id, CancellationToken cancellationToken) => db.WriteAsync(
        connection => Run(connection, "UPDATE chats SET tainted = 1 WHERE id = $id", ("$id", id)),
        cancellationToken);

    /// <summary>Takes back a line and all after it; false when the person has none of this conversation.</summary>
    public async Task<bool> CutAsync(string person, string id, int line, CancellationToken cancellationToken)
    {
        var found = false;
        await db.WriteAsync(
            connection =>
            {
                found = IsOf(connection, person, id);
                if (!found) return;
                Run(connection, "DELETE FROM chat_lines WHERE chat = $id AND number >= $line", ("$id", id), ("$line", line));
                Run(connection, "UPDATE chats SET summary = NULL, summary_line = 0 WHERE id = $id AND summary_line >= $line", ("$id", id), ("$line", line));
            },
            cancellationToken);
        return found;
    }

    /// <summary>False when the person has none of this id.</summary>
    public async Task<bool> RenameAsync(string person, string id, string title, CancellationToken cancellationToken)
    {
        var found = false;
        await db.WriteAsync(
            connection =>
            {
                using var command = Command(connection, "UPDATE chats SET title = $title WHERE id = $id AND person = $person", ("$title", TitleOf(title)), ("$id", id), ("$person", person));
                found = command.ExecuteNonQuery() > 0;
            },
            cancellationToken);
        return found;
    }

    /// <summary>Whose conversation it is; null when there is none of this id.</summary>
    public Task<string?> PersonOfAsync(string id, CancellationToken cancellationToken) => db.ReadAsync(
        connection =>
        {
            using var command = Command(connection, "SELECT person FROM chats WHERE id = $id", ("$id", id));
            return command.ExecuteScalar() as string;
        },
        cancellationToken);

    /// <summary>Begins a conversation with its first words as its title; the oldest of a person who has too many goes.</summary>
    public async Task<string> BeginAsync(string person, string text, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        var title = TitleOf(text);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await db.WriteAsync(
            connection =>
            {
                Run(connection, "INSERT INTO chats (id, person, title, started_at, used_at) VALUES ($id, $person, $title, $now, $now)", ("$id", id), ("$person", person), ("$title", title), ("$now", now));
                Run(connection, "DELETE FROM chat_lines WHERE chat IN (SELECT id FROM chats WHERE person = $person AND id <> $id ORDER BY used_at DESC LIMIT -1 OFFSET $most)", ("$person", person), ("$id", id), ("$most", MostPerPerson - 1));
                Run(connection, "DELETE FROM chats WHERE id IN (SELECT id FROM chats WHERE person = $person AND id <> $id ORDER BY used_at DESC LIMIT -1 OFFSET $most)", ("$person", person), ("$id", id), ("$most", MostPerPerson - 1));
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
                    "INSERT INTO chat_lines (chat, number, role, text, at, provider, tools, messages, details) SELECT $id, COALESCE((SELECT MAX(number) FROM chat_lines WHERE chat = $id), 0) + 1, $role, $text, $now, $provider, $tools, $messages, $details WHERE EXISTS (SELECT 1 FROM chats WHERE id = $id)",
                    ("$id", id), ("$role", line.Role), ("$text", line.Text), ("$now", now), ("$provider", line.Provider ?? (object)DBNull.Value),
                    ("$tools", line.Tools.Count == 0 ? DBNull.Value : JsonSerializer.Serialize(line.Tools, AgentJson.Default.IReadOnlyListChatToolLine)),
                    ("$messages", JsonSerializer.Serialize(line.Messages, AIJsonUtilities.DefaultOptions)),
                    ("$details", line.Details is null ? DBNull.Value : JsonSerializer.Serialize(line.Details, AgentJson.Default.ChatDetails)));
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

    private static string TitleOf(string text) => Safety.PlainText.Shown(text.ReplaceLineEndings(" ").Trim(), LongestTitle);

    private static string Escaped(string words) => words.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);

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
internal sealed record NewLine(string Role, string Text, string? Provider, IReadOnlyList<ChatToolLine> Tools, IReadOnlyList<ChatMessage> Messages, ChatDetails? Details = null);
