// The insurer of the sample data: who works there, whom it insures, and for what.
#pragma once

#include "models/domain/content.h"
#include "sample/dice.h"

#include <QByteArray>
#include <QList>

namespace holdfast::sample {

struct Person
{
    QString reference; // the policy system's: "P-00017"
    PersonId id;
    domain::PersonFacts facts;
};

struct Policy
{
    PolicyId id;
    int holder = 0; // index into World::people
    int team = 0;   // index into World::teams
    domain::PolicyFacts facts;
};

struct Team
{
    QString name;  // "claims-motor"
    QString title; // "Motor claims"
    ScopeId scope;
    ThreadId room;
};

struct World
{
    QString organisation; // "Harbourline Insurance"
    QList<Team> teams;
    QList<domain::UserProfile> staff; // the first is Lerato Khumalo, an agent of the first team
    QList<Person> people;
    QList<Policy> policies;
};

struct WorldSize
{
    int people = 300;
    int policies = 500;
};

[[nodiscard]] World makeWorld(quint64 seed, Timestamp now, const WorldSize& size);

// The world's people and policies as the policy system delivers them: one JSON object a line (docs/api.md).
[[nodiscard]] QByteArray policyFile(const World& world);

} // namespace holdfast::sample
