using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Jarvis.Safety;

/// <summary>Text as it may be shown: nothing in it moves a cursor, turns the direction of writing or hides.</summary>
public static partial class PlainText
{
    /// <summary>One line in which every character that could deceive is written out as <c>\u{…}</c>.</summary>
    public static string Shown(string text, int most)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length >= most) return shown.Append('…').ToString();
            if (rune.Value is '\n') shown.Append("\\n");
            else if (rune.Value is '\r') shown.Append("\\r");
            else if (rune.Value is '\t') shown.Append("\\t");
            else if (Deceives(rune)) shown.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}");
            else shown.Append(rune.ToString());
        }
        return shown.ToString();
    }

    /// <summary>Without terminal sequences, control characters (but line ends and tabs), and what is invisible.</summary>
    public static string Stripped(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~')) return text;
        var rest = Sequence().Replace(text, "");
        var clean = new StringBuilder(rest.Length);
        foreach (var rune in rest.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t' || !Deceives(rune)) clean.Append(rune.ToString());
        }
        return clean.ToString();
    }

    private static bool Deceives(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || rune.Value is 0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x034F or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0000 and <= 0xE0FFF);

    [GeneratedRegex(@"(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|\u001b[ -/]*[0-~]?", RegexOptions.NonBacktracking)]
    private static partial Regex Sequence();
}
