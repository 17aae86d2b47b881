using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Jarvis.Safety;

/// <summary>Blanks what looks like a secret, and what is known to be one.</summary>
public sealed partial class SecretRedactor(IReadOnlyList<string> known)
{
    public const string Blank = "[redacted]";
    private const int ShortestKnown = 6;
    private readonly string[] _known = [.. known.Where(s => s.Length >= ShortestKnown).OrderByDescending(s => s.Length)];

    public string Redact(string text)
    {
        foreach (var secret in _known) text = text.Replace(secret, Blank, StringComparison.Ordinal);
        if (text.Length < ShortestKnown) return text;
        text = PrivateKey().Replace(text, Blank);
        text = Named().Replace(text, m => m.Groups["name"].Value + Blank);
        text = Authorization().Replace(text, m => m.Groups["scheme"].Value + Blank);
        text = UserInfo().Replace(text, m => m.Groups["scheme"].Value + Blank + "@");
        return Shaped().Replace(text, Blank);
    }

    /// <summary>A name under which secrets stand: <c>password</c>, <c>api_key</c>, <c>cipassword</c>.</summary>
    public static bool IsSecretName(string name) => SecretName().IsMatch(name);

    /// <summary>Every text in it cleaned by <paramref name="clean"/> and redacted; what stands under a secret's name is blanked.</summary>
    public JsonNode? Redact(JsonNode? node, Func<string, string> clean) => node switch
    {
        JsonObject fields => new JsonObject(fields.Select(f => KeyValuePair.Create(Text(f.Key, clean), Field(f.Key, f.Value, clean))).DistinctBy(f => f.Key)),
        JsonArray items => new JsonArray([.. items.Select(item => Redact(item, clean))]),
        JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(Text(text, clean)),
        _ => node?.DeepClone(),
    };

    private JsonNode? Field(string name, JsonNode? value, Func<string, string> clean) =>
        IsSecretName(name) ? Blanked(value) : Redact(value, clean);

    // Whatever stands under a secret's name, however deep; a flag or nothing is no secret.
    private static JsonNode? Blanked(JsonNode? value) => value switch
    {
        JsonObject fields => new JsonObject(fields.Select(f => KeyValuePair.Create(f.Key, Blanked(f.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Blanked)]),
        JsonValue plain when plain.GetValueKind() is System.Text.Json.JsonValueKind.String or System.Text.Json.JsonValueKind.Number => JsonValue.Create(Blank),
        _ => value?.DeepClone(),
    };

    private string Text(string text, Func<string, string> clean) => Redact(clean(text));

    [GeneratedRegex(@"(?i)(?:\A|[_\-.])(?:password|passwd|passphrase|secret|token|api_?key|private_?key|access_?key|credentials?|cookie|ticket|csrf\w*|authorization)\z|(?i)(?:password|secret|token|apikey)\z", RegexOptions.NonBacktracking)]
    private static partial Regex SecretName();

    [GeneratedRegex("""(?i)(?<name>\b[a-z0-9_\-.]{0,40}(?:password|passwd|passphrase|secret|token|api[_\-]?key|private[_\-]?key|access[_\-]?key|credential|pwd)["']?\s{0,3}[=:]\s{0,3}["']?)(?!\[redacted\])[^\s"'&,;]+""")]
    private static partial Regex Named();

    [GeneratedRegex(@"(?i)(?<scheme>\b(?:authorization|proxy-authorization)["":=\s]{1,4}(?:(?:bearer|basic|digest)\s+)?|\bbearer\s+|PVEAPIToken=|PVEAuthCookie=)(?!\[redacted\]|(?:bearer|basic|digest)\s)[^\s""',;]{4,}")]
    private static partial Regex Authorization();

    [GeneratedRegex(@"(?i)(?<scheme>\b[a-z][a-z0-9+.\-]{1,20}://)[^\s/@""']{1,200}:[^\s/@""']{0,200}@")]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\z)")]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"\beyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{4,}\.[A-Za-z0-9_\-]*|\b(?:sk|pk|rk)-[A-Za-z0-9_\-]{16,}|\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}|\bAKIA[0-9A-Z]{16}\b|\bxox[abprs]-[A-Za-z0-9\-]{10,}|\$(?:5|6|y|2[aby])\$[./A-Za-z0-9$]{20,}")]
    private static partial Regex Shaped();
}
