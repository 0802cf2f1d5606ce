namespace Ferry.Transfer.Tests.Uploads;

/// <summary>On SQLite.</summary>
public sealed class SqliteUploadJobTests : UploadJobTests
{
    protected override (string Key, string Value)[] Store => [];
}
