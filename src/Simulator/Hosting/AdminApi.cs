using System.Text.Json;

namespace Jarvis.Simulator.Hosting;

/// <summary>The control panel of the simulation on a port of its own: faults, time, state, request counts.</summary>
internal sealed class AdminApi(
    VirtualCluster cluster, ScaledTimeProvider time, RequestCounts counts, Func<CancellationToken, Task> reconcile)
{
    private const int MaxBody = 64 * 1024;
    private const double MaxAdvance = 366 * 86400.0;

    public async Task ServeAsync(HttpContext http)
    {
        try
        {
            await RouteAsync(http);
        }
        catch (ArgumentException e)
        {
            await Refuse(http, 400, e.Message.Split(" (Parameter", 2)[0]);
        }
        catch (JsonException)
        {
            await Refuse(http, 400, "the body must be a JSON object");
        }
    }

    private Task RouteAsync(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "";
        return (http.Request.Method, path) switch
        {
            ("GET", "/faults") => Send(http, ListFaults),
            ("POST", "/faults") => AddFaultAsync(http),
            ("DELETE", _) when path.StartsWith("/faults/", StringComparison.Ordinal) =>
                RemoveFaultAsync(http, path[8..]),
            ("POST", "/time") => AdvanceAsync(http),
            ("GET", "/state") => StateAsync(http),
            ("GET", "/requests") => Send(http, Counts),
            ("DELETE", "/requests") => ResetAsync(http),
            _ => Refuse(http, 404, "legal: GET|POST /faults, DELETE /faults/{id}, POST /time, GET /state, GET|DELETE /requests"),
        };
    }

    private async Task AddFaultAsync(HttpContext http)
    {
        using var body = await BodyAsync(http);
        var root = body.RootElement;
        var parameters = root.TryGetProperty("params", out var given) && given.ValueKind == JsonValueKind.Object
            ? given.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString(), StringComparer.Ordinal)
            : [];
        var id = cluster.Faults.Add(Text(root, "kind") ?? "", Text(root, "target") ?? "", parameters);
        await reconcile(http.RequestAborted);
        await Send(http, json => json.WriteString("id"u8, id));
    }

    private async Task RemoveFaultAsync(HttpContext http, string id)
    {
        var removed = cluster.Faults.Remove(id);
        await reconcile(http.RequestAborted);
        await (removed ? Send(http, json => json.WriteString("id"u8, id)) : Refuse(http, 404, $"no fault '{id}'"));
    }

    private async Task AdvanceAsync(HttpContext http)
    {
        using var body = await BodyAsync(http);
        if (!body.RootElement.TryGetProperty("advance", out var advance) || advance.ValueKind != JsonValueKind.Number
            || advance.GetDouble() is not (>= 0 and <= MaxAdvance))
        {
            throw new ArgumentException($"advance must be a number of seconds from 0 to {MaxAdvance}");
        }
        time.Advance(TimeSpan.FromSeconds(advance.GetDouble()));
        var now = cluster.Read(c => c.Now);
        await reconcile(http.RequestAborted);
        await Send(http, json => json.WriteString("now"u8, now));
    }

    private async Task StateAsync(HttpContext http)
    {
        var state = cluster.CanonicalState();
        await Send(http, json =>
        {
            json.WriteString("hash"u8, state.Hash);
            json.WritePropertyName("state"u8);
            json.WriteRawValue(state.Json, skipInputValidation: true);
        });
    }

    private async Task ResetAsync(HttpContext http)
    {
        counts.Reset();
        await Send(http, Counts);
    }

    private void ListFaults(Utf8JsonWriter json)
    {
        json.WriteStartArray("faults"u8);
        foreach (var fault in cluster.Faults.List())
        {
            json.WriteStartObject();
            json.WriteString("id"u8, fault.Id);
            json.WriteString("kind"u8, fault.Kind);
            json.WriteString("target"u8, fault.Target);
            json.WriteString("since"u8, fault.Since);
            json.WriteStartObject("params"u8);
            foreach (var (name, value) in fault.Parameters)
            {
                json.WriteString(name, value);
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void Counts(Utf8JsonWriter json)
    {
        json.WriteNumber("total"u8, counts.Total);
        json.WriteStartObject("byPath"u8);
        foreach (var (path, count) in counts.ByPath)
        {
            json.WriteNumber(path, count);
        }
        json.WriteEndObject();
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value)
            ? value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? value.ToString()
                : throw new ArgumentException($"{name} must be a text")
            : null;

    private static async Task<JsonDocument> BodyAsync(HttpContext http)
    {
        if (http.Request.ContentLength > MaxBody)
        {
            throw new ArgumentException($"the body may have at most {MaxBody} bytes");
        }
        var document = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
        return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw new JsonException();
    }

    private static Task Refuse(HttpContext http, int status, string error)
    {
        http.Response.StatusCode = status;
        return Send(http, json => json.WriteString("error"u8, error));
    }

    private static async Task Send(HttpContext http, Action<Utf8JsonWriter> write)
    {
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
        await json.FlushAsync(http.RequestAborted);
    }
}
