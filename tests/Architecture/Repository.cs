using System.Runtime.CompilerServices;

namespace Jarvis.Architecture;

/// <summary>The checked-out tree, read as text.</summary>
internal static class Repository
{
    private static readonly string[] NotOurs = ["artifacts", "node_modules", "dist", "bin", "obj", "data", "test-results", "playwright-report"];

    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "..", ".."));

    public static string Full(string path) => Path.Combine(Root, path);

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    /// <summary>Files below a folder that people wrote: no build output, no dot folders.</summary>
    public static IEnumerable<string> Files(string folder, params string[] endings) =>
        from file in Directory.EnumerateFiles(Full(folder), "*", SearchOption.AllDirectories)
        let path = Relative(file)
        where !path.Split('/').SkipLast(1).Any(part => part.StartsWith('.') || NotOurs.Contains(part))
        where endings.Any(ending => path.EndsWith(ending, StringComparison.Ordinal))
        orderby path
        select path;

    public static IEnumerable<string> CSharp(params string[] folders) =>
        from folder in folders
        from file in Files(folder, ".cs")
        where !file.Contains("/Migrations/", StringComparison.Ordinal)
        select file;

    public static string[] Lines(string path) => File.ReadAllLines(Full(path));

    public static string Text(string path) => File.ReadAllText(Full(path));

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
