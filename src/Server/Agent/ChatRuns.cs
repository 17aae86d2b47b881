using System.Collections.Concurrent;

namespace Jarvis.Server.Agent;

/// <summary>What changed of somebody's conversations.</summary>
public enum ChatChangeKind { Started, Ended, Added, Renamed, Deleted }

/// <summary>A change of a conversation, for all screens of its person.</summary>
public sealed record ChatChange(ChatChangeKind Kind, string SessionId, string? RunId);

/// <summary>The answers that are being given, and for a while those that were: one at a time in a conversation.</summary>
internal sealed partial class ChatRuns(TimeProvider time, ILogger<ChatRuns> log) : IHostedService
{
    private const int MostRunning = 200;
    private const int MostOfOne = 100;
    private const int MostKept = 1_000;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<string, ChatRun> _all = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ChatRun> _running = new(StringComparer.Ordinal);
    private bool _stopping;

    /// <summary>A conversation of this person changed; must not block.</summary>
    public event Action<string, ChatChange>? Changed;

    public ChatRun? Find(string id, string person) => _all.GetValueOrDefault(id) is { } run && run.Person == person ? run : null;

    /// <summary>The answer that is being given in a conversation.</summary>
    public ChatRun? In(string session) => _running.GetValueOrDefault(session);

    public void Tell(string person, ChatChange change) => Changed?.Invoke(person, change);

    /// <summary>Begins to give an answer.</summary>
    /// <exception cref="ChatBusyException">One is being given there, or too many are.</exception>
    public ChatRun Start(string session, string person, Func<ChatRun, IAsyncEnumerable<TurnEvent>> answer)
    {
        if (_stopping) throw new ChatBusyException("The server is stopping.");
        if (_running.Count >= MostRunning) throw new ChatBusyException($"{MostRunning} answers are being given at once; ask again when one of them is done.");
        if (_running.Values.Count(r => r.Person == person) >= MostOfOne) throw new ChatBusyException($"{MostOfOne} of your conversations are being answered at once; ask again when one of them is done.");
        var run = new ChatRun(Guid.CreateVersion7(time.GetUtcNow()).ToString("N"), session, person);
        if (!_running.TryAdd(session, run)) throw new ChatBusyException("This conversation is being answered; ask again when that is done.");
        Sweep();
        _all[run.Id] = run;
        Tell(person, new(ChatChangeKind.Started, session, run.Id));
        run.Done = Task.Run(() => FollowAsync(run, answer));
        return run;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What was said so far is kept before the server ends.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        var running = _running.Values.ToList();
        foreach (var run in running) run.Cancel();
        await Task.WhenAll(running.Select(r => r.Done)).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task FollowAsync(ChatRun run, Func<ChatRun, IAsyncEnumerable<TurnEvent>> answer)
    {
        try
        {
            await foreach (var happened in answer(run).WithCancellation(run.Stopped)) run.Tell(happened);
        }
        catch (OperationCanceledException) when (run.Stopped.IsCancellationRequested)
        {
            run.Tell(new TurnEvent.Finished(_stopping ? "server_stopped" : "stopped"));
        }
        catch (Exception e)
        {
            LogFailed(run.Id, e);
            run.Tell(new TurnEvent.Failed("INTERNAL", "The answer failed within the server; its log says why. What was done is in the audit."));
        }
        finally
        {
            _running.TryRemove(run.Session, out _);
            run.End();
            Tell(run.Person, new(ChatChangeKind.Ended, run.Session, run.Id));
        }
    }

    private void Sweep()
    {
        var over = _all.Values.Where(r => r.IsOver).OrderByDescending(r => r.OverAt).ToList();
        foreach (var old in over.Where((r, i) => i >= MostKept || Environment.TickCount64 - r.OverAt > Kept.TotalMilliseconds))
        {
            if (_all.TryRemove(old.Id, out _)) old.Dispose();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Answer {Run} failed.")]
    private partial void LogFailed(string run, Exception e);
}

/// <summary>No answer can be given now, and why.</summary>
internal sealed class ChatBusyException(string message) : Exception(message);
