using Ferry.Contracts.Conversions;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Windows.Rules;

/// <summary>Files that only the fix-up writes: made, brought up to date, or left when they are as they should be. Names are found in any case.</summary>
internal static class WindowsFile
{
    private const int Readable = 0x1A4;
    private const int Private = 0x1C0;

    /// <summary>The edit, or null when the file holds the content already.</summary>
    /// <param name="context">The planning.</param>
    /// <param name="files">The guest's files.</param>
    /// <param name="rule">Id of the rule.</param>
    /// <param name="folder">Folder, from the root of the volume; made where it is missing.</param>
    /// <param name="name">Name of the file.</param>
    /// <param name="content">What it holds.</param>
    /// <param name="isPrivate">Whether a new file, and folders that are made for it, are for the system and administrators only.</param>
    /// <param name="summary">What the report says.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<GuestEdit?> PlanAsync(
        RuleContext context, WindowsFiles files, string rule, string folder, string name, ReadOnlyMemory<byte> content, bool isPrivate, string summary, CancellationToken cancellationToken)
    {
        var existing = await files.FindAsync($"{folder}/{name}", cancellationToken);
        if (existing is not null && await context.Tree.Volume.StatAsync(existing, cancellationToken) is { } status && status.Size == content.Length
            && (await context.Tree.Volume.ReadAsync(existing, content.Length, cancellationToken)).AsSpan().SequenceEqual(content.Span))
        {
            return null;
        }

        var path = existing ?? $"{await files.FindAsync(folder, cancellationToken) ?? folder}/{name}";
        return new GuestEdit
        {
            Path = path,
            Content = content,
            NewFileMode = existing is not null ? null : isPrivate ? Private : Readable,
            IsFolderPrivate = isPrivate,
            Changes = [new GuestChange { Rule = rule, Path = path, Summary = summary }],
        };
    }
}
