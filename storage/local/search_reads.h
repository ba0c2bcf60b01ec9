// Search over messages, names, policies and identifiers. Reader threads.
#pragma once

#include "models/views/values.h"
#include "storage/sql/connection.h"

namespace holdfast::local {

// People, policies and rooms first, then messages, newest first. `next` continues; every hit comes once.
[[nodiscard]] Result<views::SearchPage> readSearch(sql::Connection& connection, const views::SearchQuery& query);

// Spellings of the query as the identifier index keeps them; empty if it cannot be an identifier.
[[nodiscard]] QStringList queryIdentifiers(const QString& text);

// The statements behind the search, for the test of their query plans.
[[nodiscard]] QStringList searchStatements();

} // namespace holdfast::local
