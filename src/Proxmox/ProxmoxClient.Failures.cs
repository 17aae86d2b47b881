using System.Text.Json;

namespace Jarvis.Proxmox;

public sealed partial class ProxmoxClient
{
    private const string TicketPath = "/access/ticket";
    private const string NodesPath = "/nodes";

    private static bool IsOfEndpoint(ProxmoxException failure) =>
        failure.Kind is ProxmoxFailure.Unreachable or ProxmoxFailure.Timeout or ProxmoxFailure.Tls;

    /// <summary>Whether a sent write that ended so may yet have taken effect: 595 means that it was never delivered.</summary>
    private static bool IsOutcomeUnknown(ProxmoxException failure) => failure switch
    {
        { Kind: ProxmoxFailure.Unreachable } => failure.Status != 595,
        { Kind: ProxmoxFailure.Timeout or ProxmoxFailure.TooLarge } => true,
        { Kind: ProxmoxFailure.BadAnswer } => failure.Status is >= 200 and < 300,
        { Kind: ProxmoxFailure.ServerError } => failure.Status is 502 or 504,
        _ => false,
    };

    private static ProxmoxException Unknown(ProxmoxException failure) =>
        new(ProxmoxFailure.OutcomeUnknown, $"Whether it took effect is not known: {failure.Message}", failure)
        {
            Endpoint = failure.Endpoint,
            Method = failure.Method,
            Path = failure.Path,
            Status = failure.Status,
            Reason = failure.Reason,
            Excerpt = failure.Excerpt,
        };

    /// <summary>The failure that says most, with the others' words behind it.</summary>
    private static ProxmoxException Combined(List<ProxmoxException> failures)
    {
        var chosen = failures
            .OrderByDescending(failure => failure.Kind == ProxmoxFailure.Tls)
            .ThenByDescending(failure => failure.Status.HasValue)
            .First();
        return failures.Count == 1
            ? chosen
            : new ProxmoxException(chosen.Kind, string.Join(" | ", failures.Select(failure => failure.Message)), chosen)
            {
                Endpoint = chosen.Endpoint,
                Method = chosen.Method,
                Path = chosen.Path,
                Status = chosen.Status,
                Reason = chosen.Reason,
                Excerpt = chosen.Excerpt,
                PresentedFingerprint = chosen.PresentedFingerprint,
            };
    }

    private static CancellationTokenSource Limit(TimeSpan limit, TimeSpan left, params CancellationToken[] tokens)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(tokens);
        source.CancelAfter(left < limit ? left : limit);
        return source;
    }

    private CancellationTokenSource Limit(TimeSpan left, CancellationToken cancellationToken) =>
        Limit(options.Timeout, left, cancellationToken, disposed.Token);

    /// <summary>A node behind the endpoint may be what is slow or gone, so only calls about no node condemn the endpoint.</summary>
    private void NoteFailure(Endpoint endpoint, ApiPath path, ProxmoxException failure)
    {
        if (failure.Kind == ProxmoxFailure.Tls || !path.IsBelowNode
            || (failure.Kind == ProxmoxFailure.Unreachable && failure.Status is null))
        {
            endpoints.Failed(endpoint);
        }
    }

    /// <summary>A renewed certificate was met: asks Proxmox, over an endpoint that is trusted, what the nodes present now.</summary>
    private async Task RelearnAsync(ApiPath path, List<ProxmoxException> failures, CancellationToken cancellationToken)
    {
        if (path.Template == NodesPath || failures.TrueForAll(failure => failure.Kind != ProxmoxFailure.Tls))
        {
            return;
        }

        try
        {
            await GetNodesAsync(TimeSpan.Zero, cancellationToken);
        }
        catch (ProxmoxException)
        {
            // The answer that was asked for is there; the refused endpoint stays refused until the next try.
        }
    }

    private ProxmoxException? Translate(Call call, int status, AnswerStream? answer, Exception failure) => failure switch
    {
        _ when disposed.IsCancellationRequested => null,
        ProxmoxException known => known,
        AnswerTooLargeException large => call.Failure(ProxmoxFailure.TooLarge, large.Message, large, status),
        JsonException wrong => call.Failure(
            ProxmoxFailure.BadAnswer, $"the answer is not what Proxmox sends ({wrong.Message})", wrong, status, null, answer?.Beginning()),
        InvalidDataException wrong => call.Failure(
            ProxmoxFailure.BadAnswer, $"the answer cannot be decompressed ({wrong.Message})", wrong, status),
        HttpRequestException
        {
            HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded
        } wrong => call.Failure(
            ProxmoxFailure.BadAnswer, $"the answer is not HTTP as Proxmox speaks it ({wrong.Message})", wrong),
        HttpRequestException broken => Failures.OfConnection(call, broken, call.Endpoint.RefusedFingerprint),
        OperationCanceledException slow => call.Failure(
            ProxmoxFailure.Timeout, $"no full answer within {options.Timeout.TotalSeconds:0.#} s", slow, status == 0 ? null : status),
        IOException broken => call.Failure(
            ProxmoxFailure.Unreachable, $"the connection broke after {answer?.Bytes ?? 0} bytes of the answer ({broken.Message})",
            broken, null, null, answer?.Beginning()),
        _ => null,
    };

    private async Task<JsonElement> LogInAsync(
        Endpoint endpoint, string user, string password, CancellationToken limit, CancellationToken cancellationToken)
    {
        using var body = new SentBody(new Form().Add("username", user).Add("password", password).ToString(), true);
        var answer = await SendAsync<JsonElement>(
            endpoint, HttpMethod.Post, ApiPath.Of(TicketPath), body, null, limit, cancellationToken);
        return answer.Data;
    }

    /// <summary>A write that starts a task.</summary>
    private async Task<Upid> StartAsync(HttpMethod method, ApiPath path, Form form, CancellationToken cancellationToken) =>
        await MayStartAsync(method, path, form, cancellationToken)
        ?? throw new ProxmoxException(
            ProxmoxFailure.OutcomeUnknown, $"{method} {path.Value}: Proxmox accepted it, but named no task to follow.")
        {
            Method = method.Method,
            Path = path.Value,
        };

    /// <summary>A write that may start a task: null when there was nothing to do, or it is done already.</summary>
    private async Task<Upid?> MayStartAsync(HttpMethod method, ApiPath path, Form form, CancellationToken cancellationToken)
    {
        var data = await WriteAsync(method, path, form, cancellationToken);
        return data.ValueKind == JsonValueKind.String && Upid.TryParse(data.GetString(), out var upid) ? upid : null;
    }
}
