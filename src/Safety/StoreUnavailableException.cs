namespace Jarvis.Safety;

/// <summary>Nothing can be recorded, or read of what was, at the moment.</summary>
public sealed class StoreUnavailableException(string message, Exception inner) : Exception(message, inner);
