using System.Globalization;
using System.Text;

namespace Jarvis.Server.Agent;

/// <summary>A conversation as Markdown, for a file.</summary>
internal static class Transcript
{
    public static string Of(IReadOnlyList<ChatLine> lines)
    {
        var text = new StringBuilder("# Conversation with Jarvis\n");
        foreach (var line in lines)
        {
            var who = line.Role is "user" ? "You" : line.Provider is { } provider ? $"Jarvis ({provider})" : "Jarvis";
            text.Append(CultureInfo.InvariantCulture, $"\n## {who}, {line.At:yyyy-MM-dd HH:mm:ss} UTC\n\n");
            foreach (var tool in line.Tools) text.Append(CultureInfo.InvariantCulture, $"- `{tool.Name}` `{tool.Args.GetRawText()}`: {tool.Status?.ToString() ?? "begun"}{(tool.AuditId is { Length: > 0 } id ? $" (audit {id})" : "")}\n");
            if (line.Tools.Count > 0) text.Append('\n');
            text.Append(line.Text).Append('\n');
            if (line.Details?.Unproven is { } claim) text.Append("\n> Without a receipt: ").Append(claim).Append('\n');
        }

        return text.ToString();
    }
}
