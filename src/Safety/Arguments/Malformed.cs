namespace Jarvis.Safety.Arguments;

/// <summary>What was sent is not what the tool takes; the message names the parameter and what is legal.</summary>
internal sealed class MalformedException(string message) : Exception(message);
