using System.Text;

namespace Jarvis.Proxmox;

/// <summary>A path below <c>/api2/json</c>, and the template it was made from, which statistics count by.</summary>
internal readonly record struct ApiPath(string Template, string Value)
{
    /// <summary>Fills the template's <c>{…}</c> in order, each as one percent-encoded segment.</summary>
    public static ApiPath Of(string template, params ReadOnlySpan<string> segments)
    {
        if (segments.IsEmpty)
        {
            return new ApiPath(template, template);
        }

        var path = new StringBuilder();
        var next = 0;
        for (var at = 0; at < template.Length; at++)
        {
            if (template[at] != '{')
            {
                path.Append(template[at]);
                continue;
            }

            var segment = segments[next++];
            if (string.IsNullOrWhiteSpace(segment) || segment is "." or "..")
            {
                throw new ArgumentException($"'{segment}' cannot stand in {template}.", nameof(segments));
            }

            path.Append(Uri.EscapeDataString(segment));
            at = template.IndexOf('}', at);
        }

        return new ApiPath(template, path.ToString());
    }

    public ApiPath With(Form query) => query.IsEmpty ? this : this with { Value = $"{Value}?{query}" };

    public bool IsBelowNode => Template.StartsWith("/nodes/", StringComparison.Ordinal);

    public bool IsSecret => Template.StartsWith("/access/", StringComparison.Ordinal)
        || Template.EndsWith("proxy", StringComparison.Ordinal);
}
