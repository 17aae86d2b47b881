using Jarvis.Server.Agent;

namespace Jarvis.Server.Hubs;

/// <summary>What a screen may ask of <c>/hubs/chat</c> (JSON). Conversations are listed, renamed and deleted, and approvals decided, over REST.</summary>
public interface IChatHub
{
    /// <summary>Asks something; tells the answer that is being given, or why the message was not taken.</summary>
    Task<ChatBegun> Send(ChatRequest request);

    /// <summary>Follows an answer from a cursor to its end; false when there is none of this id. Several may be followed at once.</summary>
    Task<bool> Attach(string runId, long cursor);

    /// <summary>Stops an answer, for everybody; false when it is over.</summary>
    Task<bool> Cancel(string runId);
}

/// <summary>What <c>/hubs/chat</c> tells a screen.</summary>
public interface IChatClient
{
    /// <summary>What happened in answers that this connection follows.</summary>
    Task Told(RunEvent told);

    /// <summary>A conversation of this person changed, on whichever screen.</summary>
    Task Changed(ChatChange change);

    Task Failed(string code, string message, string traceId);
}

/// <summary>An answer that is being given; else why the message was not taken.</summary>
public sealed record ChatBegun(string? SessionId, string? RunId, string? Refusal);
