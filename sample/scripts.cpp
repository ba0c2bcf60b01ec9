#include "sample/scripts.h"

namespace holdfast::sample {
namespace {

constexpr Voice C = Voice::customer;
constexpr Voice A = Voice::agent;
constexpr Voice N = Voice::note;
constexpr Voice P = Voice::photo;
constexpr Voice D = Voice::document;

} // namespace

const QList<Script>& scripts()
{
    static const QList<Script> all = {
        {0,
         {{C, "Good day, somebody reversed into my car at the Rosebank parkade. I am fine and the car still drives."},
          {P, "The damage at the back"},
          {A,
           "I am sorry, %n. Glad you are safe. Did the other driver leave details? A photo of the licence disc helps."},
          {C, "He gave me his number. He says he is insured too."},
          {D, "SAPS accident report.pdf"},
          {A, "Thank you. I have registered claim %c on policy %p. Your excess is %r."},
          {N, "The parkade keeps CCTV for 7 days only. I asked security for the footage."},
          {C, "How long will the repair take? I need the car for work."},
          {A,
           "The assessor is booked for tomorrow, 08:30, Randburg. A hired car, group B, is waiting for you from noon."},
          {C, "Thank you so much \u2764\ufe0f"}}},
        {0,
         {{C, "Hi, my windscreen cracked on the N1, a truck threw a stone."},
          {P, "See here"},
          {A, "Hello %n, that is covered with an excess of %r. Which branch suits you, Midrand or Centurion?"},
          {C, "Centurion asb, Saterdag as dit kan"},
          {A, "Saterdag 09:15 is bespreek. Verwysing %c."},
          {C, "Baie dankie %a"}}},
        {0,
         {{C, "They want to tow it to another yard, the driver is here now and says I must sign"},
          {A, "Please do not sign, %n. Only our contracted operator may tow. I am calling them now."},
          {N, "Tow-in above R 4 000 needs a team lead. Reference TR-4471."},
          {C, "He is shouting at me"},
          {A, "Stay inside the car. Our driver is 12 minutes away, a white truck, his name is Sipho."},
          {C, "He is here. Thank you for staying with me."}}},
        {1,
         {{C, "Our geyser burst last night, water came through the ceiling in two rooms"},
          {P, "Main bedroom"},
          {P, "Passage"},
          {A, "Sorry to see that, %n. Please switch off the geyser at the board and close the main valve. A plumber "
              "calls you within the hour."},
          {C, "Valve is closed. The plumber phoned, he comes at 11"},
          {A, "Good. Claim %c is registered on %p, excess %r. Keep the wet carpet until the assessor has seen it."},
          {N, "Second geyser at this address in three years, ask for the installation certificate."},
          {D, "Installation certificate.pdf"},
          {C, "I found the certificate, sent it now"}}},
        {1,
         {{C, "We had a break in while we were at church. TV and two laptops are gone."},
          {A, "I am so sorry. Is everybody safe? Have you a case number from the police?"},
          {C, "We are all okay. CAS 214/10/2026 Mitchells Plain"},
          {D, "Affidavit of loss.pdf"},
          {A, "Thank you. Claim %c is open. Please send photos of the serial numbers or the slips if you have them."},
          {C, "I will look tonight when I am home"}}},
        {2,
         {{C, "Morning, my daughter must have her tonsils out on the 24th, do I need authorisation?"},
          {A,
           "Good morning %n. Yes, for every hospital stay. Please send the procedure codes from the doctor's quote."},
          {D, "Quotation Dr Essack.pdf"},
          {A, "Received. Pre-authorisation %c is granted for one night at a network hospital on policy %p."},
          {C, "Is there a co-payment?"},
          {A, "None at a network hospital. Elsewhere %r."},
          {C, "Siyabonga kakhulu"}}},
        {2,
         {{C, "My chronic medicine was refused at the pharmacy today, they say I am not registered"},
          {N, "Registration lapsed on the 1st, the form from the doctor is missing."},
          {A, "Hello %n, the yearly form is due. I sent it to your doctor, %a will phone you this afternoon."},
          {C, "Please hurry, I have tablets for two days only"},
          {A, "It is done: the pharmacy can try again now. Reference %c."}}},
        {3,
         {{C, "My father passed away on Sunday. I do not know what to do about the funeral policy."},
          {A, "My deepest condolences, %n. I will take this step by step with you. Do you have the notification of "
              "death?"},
          {D, "DHA-1663 notification.pdf"},
          {A, "Thank you. The benefit of %r is paid within 48 hours to the beneficiary on record. Reference %c."},
          {N, "Beneficiary is the sister, verify her identity by video before payment."},
          {C, "Ke a leboga. She will call you."}}},
        {4,
         {{C, "Good day, the debit order went off twice this month on %p"},
          {A, "Hello %n, I see both. The second, %r, is being paid back today and shows in your account by Friday."},
          {C, "Ok but this is the third time, I am thinking of leaving"},
          {N, "Third double debit. Offer one month at half premium, approved by Dawid."},
          {A, "I understand. We fixed the mandate at the bank and would like to make up for it: November at half "
              "premium."},
          {C, "That is fair, thank you"}}},
        {4,
         {{C, "What does it cost to add my son, he is 19 and has his licence since March"},
          {A, "With %n's consent: %r a month more on policy %p, excess for drivers under 25 stays double."},
          {C, "Joh. Let me talk to my husband"},
          {A, "Of course. The quote is good until the end of the month."}}},
    };
    return all;
}

const QList<const char*>& roomLines()
{
    static const QList<const char*> lines = {
        "Morning all. Heavy hail in Centurion overnight, expect glass and panel claims until noon.",
        "Randburg assessors are full today. Tomorrow has six open slots from 08:30.",
        "Thank you. I move %c to Midrand.",
        "My shift ends at 11:00, who can take two from me?",
        "I can, send them over.",
        "Policy system is slow again, their team is looking.",
        "Reminder: tow-ins above R 4 000 need a team lead first.",
        "Hail below R 15 000: settle from photos, no assessor. Valid until Friday.",
        "Cake in the kitchen, it is Fatima's birthday \U0001f382",
        "%c is back from the assessor, who wants it?",
        "The ombud answered on %c, in our favour.",
        "Please check identity before you tell anybody an amount. Two calls this morning were not the holder.",
    };
    return lines;
}

const QList<const char*>& smallTalk()
{
    static const QList<const char*> lines = {
        "Any news on %c?",
        "Ok",
        "Thank you",
        "Can I come at 09:00 instead?",
        "And where do I pay the excess?",
        "Is somebody there?",
        "I am at work until four, please write and do not call.",
        "Enkosi",
        "Sorry, wrong photo, ignore the last one",
        "My new number is the same as always, only the phone is new",
        "They say the part comes from Durban on Thursday",
        "\U0001f64f",
    };
    return lines;
}

} // namespace holdfast::sample
