using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Jarvis.Proxmox;

/// <summary>The API of one Proxmox cluster. Every failure is a <see cref="ProxmoxException"/>. Reads are shared between
/// callers and kept for a few seconds; a read may go to another endpoint when one fails, a write that was sent never is
/// repeated.</summary>
public sealed partial class ProxmoxClient : IDisposable
{
    private readonly ProxmoxOptions options;
    private readonly TimeProvider time;
    private readonly CertificateTrust trust;
    private readonly EndpointSet endpoints;
    private readonly Session session;
    private readonly AnswerCache cache;
    private readonly CallLog log;
    private readonly ProxmoxJson json = ProxmoxJson.Create();
    private readonly CancellationTokenSource disposed = new();

    public ProxmoxClient(ProxmoxOptions options, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        trust = new CertificateTrust(options);
        endpoints = new EndpointSet(options, trust, time);
        session = new Session(options.Credential, time);
        cache = new AnswerCache(time);
        log = new CallLog(time, options.CallFinished);
    }

    /// <summary>What was asked of Proxmox within the last minute.</summary>
    public CallStatistics Statistics => log.Summarise(endpoints.Describe());

    /// <summary>Fingerprints of the nodes' certificates as Proxmox itself named them.</summary>
    public IReadOnlyCollection<string> LearnedFingerprints => trust.Learned;

    public void Dispose()
    {
        disposed.Cancel();
        endpoints.Dispose();
        session.Dispose();
        disposed.Dispose();
    }

    /// <summary>Keeps no answer from before: a task has changed what they say.</summary>
    public void Forget() => cache.Forget();

    private async Task<T> ReadAsync<T>(ApiPath path, TimeSpan maxAge, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(disposed.IsCancellationRequested, this);
        cancellationToken.ThrowIfCancellationRequested();
        var answer = await cache
            .GetAsync(path.Value, maxAge, () => FetchAsync<T>(path, disposed.Token))
            .WaitAsync(cancellationToken);
        return answer.Data!;
    }

    /// <summary>For what is large, rare or watched closely: neither shared nor kept.</summary>
    private async Task<T> ReadOnceAsync<T>(ApiPath path, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(disposed.IsCancellationRequested, this);
        return (await FetchAsync<T>(path, cancellationToken)).Data!;
    }

    private async Task<Envelope<T>> FetchAsync<T>(ApiPath path, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var failures = new List<ProxmoxException>();
        foreach (var endpoint in endpoints.InOrder())
        {
            var left = (options.Timeout * 2) - Stopwatch.GetElapsedTime(started);
            if (failures.Count > 0 && left <= TimeSpan.Zero)
            {
                break;
            }

            try
            {
                var answer = await FetchFromAsync<T>(endpoint, path, left, cancellationToken);
                endpoints.Succeeded(endpoint);
                await RelearnAsync(path, failures, cancellationToken);
                return answer;
            }
            catch (ProxmoxException failure) when (IsOfEndpoint(failure))
            {
                NoteFailure(endpoint, path, failure);
                failures.Add(failure);
            }
        }

        throw Combined(failures);
    }

    /// <summary>One endpoint's answer; once more when a kept connection proved dead or a credential was renewed.</summary>
    private async Task<Envelope<T>> FetchFromAsync<T>(
        Endpoint endpoint, ApiPath path, TimeSpan left, CancellationToken cancellationToken)
    {
        using var limit = Limit(left, cancellationToken);
        for (var isRepeated = false; ; isRepeated = true)
        {
            Signature? signature = null;
            try
            {
                return await SendAsync<T>(endpoint, HttpMethod.Get, path, null, used => signature = used, limit.Token, cancellationToken);
            }
            catch (ProxmoxException failure) when (!isRepeated && MayRepeat(failure, signature))
            {
            }
        }
    }

    private bool MayRepeat(ProxmoxException failure, Signature? signature) => failure switch
    {
        { Kind: ProxmoxFailure.Unauthorized } => signature is not null && session.Refused(signature),
        { Kind: ProxmoxFailure.Unreachable, Status: null, InnerException: HttpRequestException sent } =>
            sent.HttpRequestError is not (HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError),
        _ => false,
    };

    private async Task<JsonElement> WriteAsync(
        HttpMethod method, ApiPath path, Form form, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(disposed.IsCancellationRequested, this);
        var isQuery = method == HttpMethod.Delete;
        var target = isQuery ? path.With(form) : path;
        var started = Stopwatch.GetTimestamp();
        var failures = new List<ProxmoxException>();
        cache.Forget();
        try
        {
            foreach (var endpoint in endpoints.InOrder())
            {
                if (failures.Count > 0 && Stopwatch.GetElapsedTime(started) > options.Timeout)
                {
                    break;
                }

                using var limit = Limit(options.Timeout, cancellationToken);
                using var body = new SentBody(isQuery ? "" : form.ToString(), !isQuery);
                Signature? signature = null;
                try
                {
                    var answer = await SendAsync<JsonElement>(
                        endpoint, method, target, body, used => signature = used, limit.Token, cancellationToken);
                    endpoints.Succeeded(endpoint);
                    return answer.Data;
                }
                catch (ProxmoxException failure) when (body.WasSent && IsOutcomeUnknown(failure))
                {
                    throw Unknown(failure);
                }
                catch (ProxmoxException failure) when (!body.WasSent && IsOfEndpoint(failure))
                {
                    NoteFailure(endpoint, path, failure);
                    failures.Add(failure);
                }
                catch (ProxmoxException failure) when (failure.Kind == ProxmoxFailure.Unauthorized && signature is not null)
                {
                    session.Refused(signature);
                    throw;
                }
                catch (OperationCanceledException cancelled) when (body.WasSent)
                {
                    throw Unknown(new Call(method, target, endpoint, session.Redact)
                        .Failure(ProxmoxFailure.OutcomeUnknown, "cancelled after it was sent", cancelled));
                }
            }
        }
        finally
        {
            cache.Forget();
        }

        throw Combined(failures);
    }

    private async Task<Envelope<T>> SendAsync<T>(
        Endpoint endpoint, HttpMethod method, ApiPath path, SentBody? body, Action<Signature>? signed,
        CancellationToken limit, CancellationToken cancellationToken)
    {
        var call = new Call(method, path, endpoint, session.Redact);
        using var request = new HttpRequestMessage(method, new Uri(endpoint.Address, "/api2/json" + path.Value))
        {
            Version = System.Net.HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body,
        };
        if (path.Template != TicketPath)
        {
            try
            {
                var signature = await session.SignAsync(
                    request, (user, password) => LogInAsync(endpoint, user, password, limit, cancellationToken), limit);
                signed?.Invoke(signature);
            }
            catch (OperationCanceledException slow) when (!cancellationToken.IsCancellationRequested && !disposed.IsCancellationRequested)
            {
                throw call.Failure(ProxmoxFailure.Timeout, "waited too long for another login", slow);
            }
        }

        return await ExchangeAsync<T>(call, request, body is null ? endpoint.Reads : endpoint.Writes, limit, cancellationToken);
    }

    private async Task<Envelope<T>> ExchangeAsync<T>(
        Call call, HttpRequestMessage request, HttpMessageInvoker connection, CancellationToken limit, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var status = 0;
        AnswerStream? answer = null;
        ProxmoxFailure? failed = ProxmoxFailure.Unreachable;
        try
        {
            using var response = await connection.SendAsync(request, limit);
            status = (int)response.StatusCode;
            answer = new AnswerStream(await response.Content.ReadAsStreamAsync(limit), options.MaxAnswerBytes);
            var result = response.IsSuccessStatusCode
                ? await ParseAsync<T>(call, status, response.ReasonPhrase, answer, limit)
                : throw Failures.OfStatus(call, status, response.ReasonPhrase, await TextAsync(answer, limit));
            failed = null;
            return result;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && Translate(call, status, answer, failure) is { } known)
        {
            failed = known.Kind;
            throw known;
        }
        finally
        {
            if (answer is not null)
            {
                await answer.DisposeAsync();
            }

            if (!cancellationToken.IsCancellationRequested)
            {
                log.Add(new FinishedCall(
                    call.Method.Method, call.Path.Template, call.Endpoint.Address, status,
                    Stopwatch.GetElapsedTime(started), answer?.Bytes ?? 0, failed));
            }
        }
    }

    private async Task<Envelope<T>> ParseAsync<T>(
        Call call, int status, string? reason, AnswerStream answer, CancellationToken limit)
    {
        var shape = (JsonTypeInfo<Envelope<T>>)json.GetTypeInfo(typeof(Envelope<T>))!;
        var envelope = await JsonSerializer.DeserializeAsync(answer, shape, limit);
        var isWhole = envelope is { Data: not null } && (envelope.Data is not IReadOnlyList<object?> rows || !rows.Contains(null));
        return isWhole
            ? envelope!
            : throw call.Failure(
                ProxmoxFailure.BadAnswer, "the answer holds no data, or empty rows", null, status, reason, answer.Beginning());
    }

    private static T Shape<T>(JsonElement data, JsonTypeInfo<T> shape, HttpMethod method, ApiPath path)
    {
        try
        {
            return data.Deserialize(shape) ?? throw new JsonException("null");
        }
        catch (JsonException wrong)
        {
            throw new ProxmoxException(
                ProxmoxFailure.BadAnswer, $"{method} {path.Value}: the answer is not what Proxmox sends ({wrong.Message})", wrong)
            {
                Method = method.Method,
                Path = path.Value,
            };
        }
    }

    private static async Task<string> TextAsync(AnswerStream answer, CancellationToken limit)
    {
        using var reader = new StreamReader(answer, leaveOpen: true);
        var text = new char[16 * 1024];
        return new string(text, 0, await reader.ReadBlockAsync(text, limit));
    }
}
