using System.Text;
using System.Text.Json;

namespace Jarvis.Simulator.Api;

/// <summary>The parameters of a request by name; a repeated one is an array.</summary>
internal sealed class Arguments : Dictionary<string, string[]>
{
    public const int MaxBody = 512 * 1024;

    public Arguments() : base(StringComparer.Ordinal)
    {
    }

    public static async Task<Arguments> ReadAsync(HttpRequest request, Target target,
        CancellationToken cancellationToken)
    {
        var arguments = new Arguments();
        if (request.ContentLength > 0)
        {
            await arguments.AddBodyAsync(request, cancellationToken);
        }
        var query = new Arguments();
        query.AddPairs(target.Query);
        foreach (var (name, values) in query)
        {
            arguments[name] = values;
        }
        arguments.Remove("_dc");
        return arguments;
    }

    public void AddPairs(string text)
    {
        foreach (var pair in text.Split(['&', ';'], StringSplitOptions.RemoveEmptyEntries))
        {
            var cut = pair.IndexOf('=', StringComparison.Ordinal);
            var name = Decode(cut < 0 ? pair : pair[..cut]);
            var value = cut < 0 ? "" : Decode(pair[(cut + 1)..]);
            this[name] = TryGetValue(name, out var before) ? [.. before, value] : [value];
        }
    }

    private static string Decode(string text) =>
        Uri.UnescapeDataString(text.Replace('+', ' '));

    private async Task AddBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var type = request.ContentType?.Split(';')[0].Trim().ToLowerInvariant() ?? "";
        var text = new byte[(int)request.ContentLength!.Value];
        await request.Body.ReadExactlyAsync(text, cancellationToken);
        switch (type)
        {
            case "application/x-www-form-urlencoded" or "":
                AddPairs(Encoding.UTF8.GetString(text));
                break;
            case "application/json":
                AddJson(text);
                break;
            default:
                throw new PveException(506, $"upload 'Content-Type '{type}' not implemented");
        }
    }

    private void AddJson(byte[] text)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            throw new PveException(400, "unable to parse JSON body");
        }
        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new PveException(400, "JSON body is not an object");
            }
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Value.ValueKind != JsonValueKind.Null)
                {
                    this[property.Name] = property.Value.ValueKind == JsonValueKind.Array
                        ? [.. property.Value.EnumerateArray().Select(Scalar)]
                        : [Scalar(property.Value)];
                }
            }
        }
    }

    private static string Scalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => "1",
        JsonValueKind.False => "0",
        _ => value.GetRawText(),
    };
}
