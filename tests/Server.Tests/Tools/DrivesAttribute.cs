namespace Jarvis.Server.Tests.Tools;

/// <summary>Says which tools a test drives from outside, with the simulated cluster compared before and after.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class DrivesAttribute(params string[] tools) : Attribute
{
    public IReadOnlyList<string> Tools { get; } = tools;
}
