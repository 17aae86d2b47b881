using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Jarvis.Server.Events;

/// <summary>A happening on its way into the store, brought within its caps.</summary>
internal sealed class Draft
{
    public const int MaxSummary = 500;
    public const int MaxName = 256;
    public const int MaxData = 16 * 1024;

    /// <summary>How much of data that was too long is kept, in characters.</summary>
    public const int KeptData = 1024;

    public Draft(Happening what, bool awaited)
    {
        if (what.Type.Length is 0 or > 64 || what.Type.AsSpan().ContainsAnyExcept(TypeCharacters))
            throw new ArgumentException($"'{what.Type}' is no event type: 1 to 64 of a-z, 0-9, dot and hyphen.", nameof(what));
        DataText = Data(what.Data);
        What = what with
        {
            Summary = Text(what.Summary, MaxSummary),
            Actor = Name(what.Actor),
            Cluster = Name(what.Cluster),
            Node = Name(what.Node),
            Target = Name(what.Target),
            Correlation = Name(what.Correlation),
            Data = DataText is null ? null : JsonElement.Parse(DataText),
        };
        Salt = RandomNumberGenerator.GetBytes(EventChain.SaltBytes);
        if (awaited) Stored = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private static readonly System.Buffers.SearchValues<char> TypeCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-");

    public Happening What { get; }
    public string? DataText { get; }
    public byte[] Salt { get; }
    public TaskCompletionSource<long>? Stored { get; }

    private static string? Name(string? text) => text is null ? null : Text(text, MaxName);

    private static string Text(string text, int most)
    {
        if (text.Length > most) text = string.Concat(text.AsSpan(0, most - 1), "…");
        if (text.Contains('\0', StringComparison.Ordinal)) text = text.Replace('\0', '\uFFFD');

        // Half of a surrogate pair would not come back from the file as it went in.
        return text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;
    }

    private static string? Data(JsonElement? data)
    {
        if (data is not { ValueKind: not JsonValueKind.Undefined and not JsonValueKind.Null } element) return null;
        var raw = element.GetRawText();
        var bytes = Encoding.UTF8.GetByteCount(raw);
        if (bytes <= MaxData) return raw;
        return JsonSerializer.Serialize(new CutData(true, bytes, Text(raw, KeptData)), EventsJson.Default.CutData);
    }
}

/// <summary>Stands for data above the cap: its size, and how it began.</summary>
internal sealed record CutData(bool Truncated, int Bytes, string Beginning);
