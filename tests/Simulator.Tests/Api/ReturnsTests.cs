using Jarvis.Simulator.Api;

namespace Jarvis.Simulator.Tests.Api;

public sealed class ReturnsTests
{
    [Fact]
    public void Every_endpoint_of_the_table_has_a_return_shape()
    {
        var shapes = new ReturnShapes();
        Assert.All(EndpointTable.All().Select(Name), n => Assert.True(shapes.Knows(n), n));
        Assert.True(EndpointTable.All().Count > 180);
    }

    [Fact]
    public async Task Every_answer_of_every_endpoint_has_the_shape_of_the_schema()
    {
        await using var rig = await Rig.StartAsync(new SimulatorOptions { Terminal = true });
        await rig.FaultAsync("ceph-warn", "cluster");
        var shapes = new ReturnShapes();
        var routes = new Routes(EndpointTable.All());
        var problems = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["upid"] = "" };
        foreach (var step in ReturnsTour.Steps)
        {
            var path = values.Aggregate(step.Path, (p, v) =>
                p.Replace($"<{v.Key}>", v.Value, StringComparison.Ordinal));
            await (step.Ticket ? rig.SignInAsync() : UseTokenAsync(rig));
            var form = step.Form.Select(f =>
                (f.Item1, values.Aggregate(f.Item2, (p, v) =>
                p.Replace($"<{v.Key}>", v.Value, StringComparison.Ordinal))));
            var reply = await CallAsync(rig, step with { Form = [.. form] }, path);
            var target = Target.Parse("/api2/json" + path)!;
            var endpoint = routes.Find(step.Method, target.Path, new Dictionary<string, string>());
            var name = endpoint is null ? step.Method + " " + path : Name(endpoint);
            seen.Add(name);
            if (reply.Status != (step.Refused is null ? 200 : 500)
                || (step.Refused is { } text && reply.Reason != text))
            {
                problems.Add($"{name}: {reply.Status} {reply.Reason} {reply.Text}");
                continue;
            }
            if (step.Refused is null)
            {
                problems.AddRange(shapes.Problems(name, reply.Data).Distinct().Select(p => $"{name}: {p}"));
                if (reply.Data.ValueKind == System.Text.Json.JsonValueKind.String
                    && reply.Data.GetString()!.StartsWith("UPID:", StringComparison.Ordinal))
                {
                    values["upid"] = reply.Data.GetString()!;
                    if (step.Wait)
                    {
                        problems.AddRange(await EndedBadly(rig, reply, name));
                    }
                }
                foreach (var kept in new[] { "pid", "ticket" })
                {
                    if (reply.Data.ValueKind == System.Text.Json.JsonValueKind.Object
                        && reply.Data.TryGetProperty(kept, out var value))
                    {
                        values[kept] = value.ToString();
                    }
                }
            }
        }
        problems.AddRange(EndpointTable.All().Select(Name).Where(n => !seen.Contains(n)).Select(n => n
            + ": never asked"));
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    private static Task UseTokenAsync(Rig rig)
    {
        rig.UseToken();
        return Task.CompletedTask;
    }

    private static async Task<IEnumerable<string>> EndedBadly(Rig rig, Reply reply, string name)
    {
        var end = await rig.FinishAsync(reply, 3600);
        return end == "OK" ? [] : [$"{name}: task ended with {end}"];
    }

    private static Task<Reply> CallAsync(Rig rig, ReturnsTour.Step step, string path)
    {
        if (step.Method is "GET" or "DELETE")
        {
            return rig.SendAsync(rig.Request(step.Method, path));
        }
        if (!path.EndsWith("/upload", StringComparison.Ordinal))
        {
            return rig.WithFormAsync(step.Method, path, step.Form);
        }
        var request = rig.Request(step.Method, path);
        request.Content = new MultipartFormDataContent
        {
            { new StringContent("iso"), "content" },
            { new ByteArrayContent(new byte[100_000]), "filename", "tiny.iso" },
        };
        return SendKnownLength(rig, request);
    }

    private static async Task<Reply> SendKnownLength(Rig rig, HttpRequestMessage request)
    {
        await request.Content!.LoadIntoBufferAsync(Rig.Cancel);
        return await rig.SendAsync(request);
    }

    private static string Name(Endpoint endpoint) =>
        $"{endpoint.Method} {endpoint.Path.Replace("*}", "}", StringComparison.Ordinal)}";
}
