#include "sample/names.h"

namespace holdfast::sample {

const QStringList& firstNames()
{
    static const QStringList names =
        QString::fromUtf8(
            "Thandiwe Ashwin Nomvula Pieter Yusuf Rendani Chantelle Kagiso Johannes Li-Hua Priscilla Deshan Willem "
            "Carmen "
            "Ismail Busisiwe Sipho Lindiwe Mandla Zanele Kobus Annelie Riaan Gugu Themba Palesa Naledi Kabelo Ayanda "
            "Bongani Refilwe Tebogo Vusi Nosipho Lwazi Zodwa Jaco Marike Hendrik Elna Francois Ilse Shireen Faizel "
            "Rashida "
            "Imraan Nazeem Zubeida Devi Kavitha Suresh Prakash Rohini Xolani Siyabonga Nomsa Dineo Lesego Mpho Katlego "
            "Thabo Lerato Khanyi Sizwe Unathi Andile Phumla Zinhle Esihle Rudzani Mulalo Tshilidzi Khathutshelo Joao "
            "Graça Björn Zoë Renée")
            .split(u' ');
    return names;
}

const QStringList& familyNames()
{
    static const QStringList names =
        QString::fromUtf8(
            "Mokoena|Govender|Zulu|van der Westhuizen|Adams|Mulaudzi|Jacobs|Moatshe|Steyn|Chen|Fortuin|Reddy|Fourie|"
            "Arendse|Parker|Ndlela|Dlamini|Nkosi|Khumalo|Botha|Venter|Pillay|Naidoo|Davids|Molefe|Mahlangu|Sithole|"
            "Mthembu|Ngcobo|Buthelezi|Maluleke|Baloyi|Chauke|Tshabalala|Radebe|Petersen|September|Hendricks|Isaacs|"
            "de Klerk|du Plessis|Pretorius|Swanepoel|Kruger|Coetzee|Erasmus|le Roux|Smit|Nel|Maharaj|Singh|Moodley|"
            "Chetty|Essop|Cassim|Patel|Mabaso|Cele|Gumede|Hadebe|Jali|Mkhize|Ntuli|Shabangu|Vilakazi|Xaba|Zwane|"
            "Ramaphala|Nemutanzhela|Phiri|da Silva|O'Reilly")
            .split(u'|');
    return names;
}

const QList<StaffMember>& staffMembers()
{
    static const QList<StaffMember> members = {
        {"Lerato Khumalo", "agent", 0},      {"Priya Naidoo", "agent", 0},      {"Riaan Pretorius", "supervisor", 0},
        {"Tshepo Molefe", "agent", 0},       {"Anri Botha", "agent", 0},        {"Fatima Davids", "agent", 1},
        {"Sibusiso Cele", "agent", 1},       {"Megan Whitlock", "agent", 1},    {"Karabo Modise", "supervisor", 1},
        {"Nadia Petersen", "agent", 2},      {"Gerhard Nel", "agent", 2},       {"Zanele Mbatha", "agent", 2},
        {"Vikash Maharaj", "supervisor", 2}, {"Lungile Dube", "agent", 3},      {"Stefan Kruger", "agent", 3},
        {"Amina Cassim", "agent", 3},        {"Thabo Radebe", "supervisor", 3}, {"Claire Jansen", "agent", 4},
        {"Mpho Sithole", "agent", 4},        {"Dawid Fourie", "supervisor", 4},
    };
    return members;
}

} // namespace holdfast::sample
