namespace Ferry.Conversion.Targets.Azure;

/// <summary>Names of resources on Azure.</summary>
public static class AzureName
{
    // 64 characters for a virtual machine; its disks and adapters have longer ones that begin with it.
    private const int Longest = 64;

    /// <summary>ASCII letters, digits, <c>. _ -</c>, a letter or digit at both ends, at most 64 characters.</summary>
    public static string Of(string machineName)
    {
        ArgumentNullException.ThrowIfNull(machineName);
        var name = string.Concat(machineName.Take(Longest).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '-')).Trim('-', '.', '_');
        return name.Length == 0 ? "machine" : name;
    }
}
