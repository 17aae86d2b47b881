using System.Diagnostics;
using Jarvis.Simulator.Hosting;
using Microsoft.AspNetCore.Http.Features;

namespace Jarvis.Simulator.Api;

/// <summary>The way of a request: transport rules, sign-in, route, privileges, proxying, parameters, handler.</summary>
internal sealed class Pipeline(
    ApiContext context, Routes routes, RequestCounts counts, TransportFaults faults, ConsoleSocket sockets,
        SimulatorOptions options)
{
    private const int MaxHeaders = 64;
    private const int MaxRequestsPerConnection = 100;

    public async Task ServeAsync(HttpContext http, NodeConnection connection)
    {
        var started = Stopwatch.GetTimestamp();
        var aborted = http.RequestAborted;
        connection.Requests++;
        var local = connection.Node();
        var target = Target.Parse(http.Features.Get<IHttpRequestFeature>()!.RawTarget);
        if (target is null)
        {
            counts.Add(http.Request.Method + " (page)");
            await Page(http).SendAsync(http, Now, false);
            return;
        }
        var path = new Dictionary<string, string>(StringComparer.Ordinal);
        var endpoint = routes.Find(http.Request.Method, target.Path, path);
        counts.Add($"{http.Request.Method} {endpoint?.Path ?? target.ToString()}");
        var hit = await faults.BeforeAsync(local, target.ToString(), aborted);
        if (hit.Reset)
        {
            http.Abort();
            return;
        }
        var (answer, pause) = hit.Error is { } error
            ? (Answer.From(error, false), TimeSpan.Zero)
            : await AnswerAsync(http, target, endpoint, path, local);
        if (answer is null)
        {
            return;
        }
        var wait = answer.Status == 401 ? options.UnauthorizedDelay - Stopwatch.GetElapsedTime(started) : pause;
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, TimeProvider.System, aborted);
        }
        answer = hit.Garble(answer);
        await answer.SendAsync(http, Now, connection.Requests >= MaxRequestsPerConnection, hit.CutAt(answer));
        if (hit.Truncate)
        {
            await http.Response.Body.FlushAsync(aborted);
            http.Abort();
        }
    }

    private DateTimeOffset Now => context.Cluster.Clock.GetUtcNow();

    private static Answer Page(HttpContext http) =>
        http.Request.Path == "/" && HttpMethods.IsGet(http.Request.Method)
            ? Answer.Html("<!doctype html><title>Proxmox VE (simulated)</title><p>The API is below /api2/json.")
            : Answer.Text(404, $"no such file '{http.Request.Path}'");

    private async Task<(Answer? Answer, TimeSpan Pause)> AnswerAsync(
        HttpContext http, Target target, Endpoint? endpoint, Dictionary<string, string> path, string local)
    {
        var extjs = target.Format == "extjs";
        Call? call = null;
        try
        {
            if (RefusedByTransport(http.Request, target) is { } refusal)
            {
                return (refusal, TimeSpan.Zero);
            }
            var caller = endpoint?.Privileges == Gatekeeper.World ? null
                : context.Authenticator.Authenticate(http.Request, endpoint?.Upload != true);
            if (endpoint is null)
            {
                return (Listing(http.Request, target) ?? throw new PveException(501,
                    $"Method '{http.Request.Method} {target}' not implemented"), TimeSpan.Zero);
            }
            if (caller?.Principal.IsToken == true && !endpoint.Tokens)
            {
                throw new PveException(403,
                    $"Permission check failed (URI '{target}' not available with API token, need proper ticket.)");
            }
            call = new Call { Context = context, Endpoint = endpoint, Path = path, LocalNode = local, Caller = caller };
            if (endpoint.Upload)
            {
                call.Arguments = await Upload.ReadAsync(http, http.RequestAborted);
            }
            else
            {
                call.Arguments = await Arguments.ReadAsync(http.Request, target, http.RequestAborted);
            }
            if (path.GetValueOrDefault("node") == "localhost")
            {
                path["node"] = local;
            }
            var answer = Run(call, extjs);
            if (endpoint.Socket && http.WebSockets.IsWebSocketRequest)
            {
                await sockets.ServeAsync(http, call);
                return (null, TimeSpan.Zero);
            }
            return (answer, call.Pause);
        }
        catch (PveException e)
        {
            return (e.Status == 401 && endpoint?.Path == "/access/ticket" ? Answer.NullData(e) : Answer.From(e, extjs),
                e.Status == 596 ? options.ProxyTimeout : call?.Pause ?? TimeSpan.Zero);
        }
    }

    private Answer Run(Call call, bool extjs)
    {
        using var scope = context.Cluster.Enter();
        if (call.Caller is not null)
        {
            Gatekeeper.CheckPrivileges(call);
        }
        if (call.Endpoint.Place == Place.Node && call.Node != call.LocalNode)
        {
            faults.RequireReachable(call.LocalNode, context.Cluster.LiveNode(call.Node).Name);
        }
        Gatekeeper.CheckParameters(call);
        return Answer.From(call, extjs);
    }

    private static Answer? RefusedByTransport(HttpRequest request, Target target)
    {
        if (request.Headers.Count > MaxHeaders)
        {
            return Answer.Text(506, "too many http header lines");
        }
        if (request.Method is not ("GET" or "POST" or "PUT" or "DELETE"))
        {
            return Answer.Text(501, $"method '{request.Method}' not available");
        }
        if (request.Headers.TransferEncoding.ToString().Contains("chunked", StringComparison.OrdinalIgnoreCase))
        {
            return Answer.Text(501, "chunked transfer encoding not supported");
        }
        if (request.ContentLength > 0 && request.Method is "GET" or "DELETE" && request.ContentLength > 0)
        {
            return Answer.Text(501, $"Unexpected content for method '{request.Method}'");
        }
        if (request.ContentLength > Arguments.MaxBody
            && !target.ToString().EndsWith("/upload", StringComparison.Ordinal))
        {
            return Answer.Text(501, "for data too large");
        }
        return target.Format is "json" or "extjs" ? null : Answer.Text(501, "no formatter for uri " + request.Path);
    }

    private Answer? Listing(HttpRequest request, Target target)
    {
        if (!HttpMethods.IsGet(request.Method) || routes.Below(target.Path) is not { } names)
        {
            return null;
        }
        return Answer.Data(json =>
        {
            json.WriteStartArray();
            foreach (var name in names)
            {
                json.WriteStartObject();
                json.WriteString("subdir"u8, name);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }
}
