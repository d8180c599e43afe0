"""Names in several romanisations (separated by "/"), and pairs of different names, by their source language.

The rules were written with `SEEN`. `ASIDE` was written afterwards, by hand, from the published systems and
from what news agencies write; then rules were corrected, and `LATER` was written.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pairs:
    """Spellings of one source language."""

    alike: str
    different: str


SEEN: dict[str, Pairs] = {
    "ru": Pairs(
        "Oleh/Oleg Denys/Denis Hryshko/Grishko Maryna/Marina Golosheykin/Golosheikin "
        "Medvedev/Medvedyev Kherson/Herson Drahomanov/Dragomanov Sergei/Serhii/Serhiy/Sergey "
        "Zelenskyy/Zelensky/Zelenskii/Zelenskyj Yevgeny/Evgeny/Evgenii Fyodor/Fedor "
        "Khrushchev/Khrushchov Shcherbakov/Scherbakov Kharkiv/Harkiv Yuri/Yuriy/Iurii/Jurij "
        "Tatyana/Tatiana Illia/Ilya Olha/Olga Bohdan/Bogdan Mikhail/Mihail Dmitriyev/Dmitriev "
        "Solovyov/Soloviov/Solovyev Pyotr/Petr Ihor/Igor Gorbachev/Gorbachov Alexei/Aleksey "
        "Chernykh/Chernyh ",
        "Walz/Waltz Irina/Marina Ivan/Ivanov Petrov/Petrova Aliev/Alieva Marin/Marina "
        "Sergeyev/Sergeyeva Yuri/Yuliy Dmitriev/Dmitriyenko Gromov/Khromov Harry/Garry "
        "Hitler/Gitler Johnson/Jonson Sergey/Serge Zelensky/Zelinsky Zelensky/Zelenskoy "
        "Kyiv/Kursk Lavrov/Lafrov Khodorkovsky/Kodorkovsky Kirov/Kirovsk Andreev/Andrev "
        "Volkov/Volodin Belov/Belousov Popov/Popova Orlov/Orlova Anna/Hanna Lev/Leo ",
    ),
    "uk": Pairs(
        "Denys/Denis Serhii/Sergiy Chernihiv/Chernigiv Luhansk/Lugansk Yevhen/Evgen "
        "Hordiienko/Gordiyenko Zaporizhzhia/Zaporizhia Shmyhal/Shmygal Dovhenke/Dovgenke "
        "Arestovych/Arestovich Halyna/Galyna Andrii/Andriy ",
        "Denys/Dennis Serhii/Serhiienko Chernihiv/Chernivtsi Luhansk/Luhanske Yevhen/Yevhenia "
        "Kravchuk/Kravchenko Kuleba/Kulyba Yermak/Yermakov Havana/Gavana Hungary/Gungary "
        "Tymoshenko/Tymchenko Reznikov/Rezunov ",
    ),
    "be": Pairs(
        "Kupalau/Kupalaw/Kupalav Karatkevich/Karatkievich ",
        "Lukashenka/Lukashevich ",
    ),
    "ar": Pairs(
        "Riyadh/Riad Hezbollah/Hizbullah Hussein/Husayn/Hussain/Hossein Abdel/Abdul "
        "Mohammed/Muhammad/Mohamed Khaled/Khalid Qasem/Kassem/Qassim Yousef/Yusuf/Youssef "
        "Gaddafi/Qadhafi/Kadhafi Saeed/Said Karim/Kareem Daoud/Dawud/Dawood Alaoui/Alawi "
        "Rachid/Rashid Salahuddin/Salaheddine Suleiman/Sulayman/Sulaiman "
        "Abdulrahman/Abdurrahman/Abdelrahman Naguib/Najib Salem/Salim Ehab/Ihab Hassan/Hasan "
        "Hamza/Hamzeh/Hamzah Osama/Usama el/al Tarek/Tariq Nasser/Nasir Elsisi/Alsisi ",
        "Zayed/Zaid Said/Sayed Blinken/Blinkin Zelensky/Zelinsky Hassan/Hussein Salem/Salam "
        "Khalid/Walid Ali/Aliya Omar/Amr Karim/Karam Nasser/Nasr Rashid/Rashad Jamal/Jamil "
        "Mahmoud/Mohammed Mohammed/Ahmed Faisal/Fadel Said/Saad Hadi/Mahdi Anwar/Amir Hamas/Hamad "
        "Harris/Haris Bell/Bill Iran/Iraq Gaza/Ghazi Aden/Adnan Abbas/Abbasi Ghani/Gani "
        "Samir/Samira ",
    ),
    "fa": Pairs(
        "Ghasem/Qasem/Qassem Hossein/Hussein Ghalibaf/Qalibaf Araghchi/Araqchi Ahvaz/Ahwaz "
        "Rouhani/Ruhani/Rohani Esmaeil/Ismail Pezeshkian/Pezeshkiyan Vahid/Wahid Ebrahim/Ibrahim "
        "Mehdi/Mahdi Mohsen/Muhsin ",
        "Ghasem/Hashem Raisi/Rasouli Ahvaz/Ahar Blinken/Blinkin Ghani/Jani Reza/Rezai Zarif/Zarin "
        "Larijani/Lari Karim/Karimi Saeed/Sayed Tehran/Teheran Amir/Amin ",
    ),
    "he": Pairs(
        "Yitzhak/Itzhak Chaim/Haim/Hayim Herzog/Hertzog Netanyahu/Netanjahu Menachem/Menahem "
        "Tzipi/Tsipi Nathan/Natan Ashkelon/Ashqelon Eliyahu/Eliahu Sarah/Sara Yaakov/Yakov ",
        "Noah/Noa Walz/Waltz Merz/Mertz Gantz/Ganz Levi/Levin Yair/Yariv Barak/Baruch "
        "Sharon/Sharett Haim/Hai Lapid/Lapin Dayan/Dan Herzog/Herzl ",
    ),
    "el": Pairs(
        "Giorgos/Yorgos/Yiorgos Papandreou/Papandreu Christos/Hristos Foteini/Fotini "
        "Kyriakos/Kiriakos Charalampos/Haralambos Giannis/Yannis Panagiotis/Panayotis/Panayiotis "
        "Nikos/Nicos Evangelos/Evaggelos Stephanos/Stefanos Oikonomou/Ikonomou ",
        "Giorgos/Georgios Nikos/Nikolaos Tsipras/Tsatsos Niger/Nigeria Harris/Haris Eric/Erik "
        "Meyer/Moyer Dimitris/Dimitra Alexis/Alexia Samaras/Simitis Kostas/Costa Stavros/Stavrou ",
    ),
    "bg": Pairs(
        "Petrov/Petroff Parvanov/Purvanov Khristo/Hristo Mariya/Maria Dimitar/Dimitur Boyko/Boiko "
        "Targovishte/Turgovishte Zhelyu/Zheliu Kardzhali/Kurdzhali  Georgiev/Georgieff "
        "Stoyan/Stoian Aleksandar/Alexandar ",
        "Petrov/Petrova Borisov/Borisova Barton/Burton Lavrov/Lafrov Georgiev/Gerasimov "
        "Ivanov/Ivanova Radev/Radoev Kiril/Kirilov Stanishev/Stanchev Plovdiv/Pleven "
        "Donchev/Dochev Ruse/Rusev ",
    ),
    "sr": Pairs(
        "Djokovic/Đoković Vucic/Vučić/Vuchich Ljubomir/Lyubomir Milosevic/Milosevich "
        "Djordjevic/Đorđević Kostunica/Koštunica/Koshtunitsa Vojislav/Voyislav "
        "Karadzic/Karadzhich Mihailovic/Mikhailovich Jovanovic/Jovanovich Nikolic/Nikolich "
        "Zivkovic/Zhivkovich ",
        "Nadja/Nada Charles/Carles Josh/Jos Vucic/Vujic Petrovic/Petrov Jovanovic/Jovanov "
        "Dacic/Dadic Nikolic/Nicolic Novi/Nova Milan/Milana Tadic/Tasic Brnabic/Brnovic ",
    ),
    "ja": Pairs(
        "Jun'ichiro/Junichiro Shinzo/Shinzou/Shinzō Konno/Kon'no Shimbun/Shinbun Hukuda/Fukuda "
        "Satoh/Sato Ohtani/Otani Kobayashi/Kobayasi Mitubisi/Mitsubishi Kohno/Kono/Kouno "
        "Homma/Honma Yuuki/Yuki Ohta/Ota Itoh/Ito/Itou Tiba/Chiba Syunsuke/Shunsuke Zyunko/Junko "
        "Jyunko/Junko Gumma/Gunma Toukyou/Tokyo Hatchobori/Hacchobori Sizuoka/Shizuoka "
        "Tutiya/Tsuchiya Hosi/Hoshi Kyosuke/Kyousuke Oosaka/Osaka ",
        "Ohno/Ono Sato/Saito Inoue/Inoe Kono/Konno Johnson/Jonson Hattori/Hatori Yamada/Yamata "
        "Suzuki/Susuki Tanaka/Tanabe Kato/Kado Ota/Oda Ito/Ita Nakata/Nakada Mori/Moro Abe/Aba "
        "Ueda/Uchida Hashimoto/Hasimotto Kishida/Kishita Fumio/Fumiko Yoshida/Yoshita Kyoto/Tokyo "
        "Ken/Kenn Kan/Kana Arai/Ara Hirota/Hirata Matsui/Matsu ",
    ),
    "zh": Pairs(
        "Tsinghua/Qinghua Tsetung/Zedong Lü/Lu/Lv Tsai/Cai Ingwen/Yingwen Hsieh/Xie Jhang/Zhang "
        "Jeou/Jiu Tung/Dong Hsu/Xu Hsiao/Xiao Chung/Zhong Kung/Gong Yeh/Ye Szu/Si Tzu/Zi Tsao/Cao "
        "Chiu/Qiu Lung/Long Shih/Shi Jhong/Zhong Siang/Xiang Tien/Tian Ssu/Si Hsiung/Xiong "
        "Chieh/Jie Tseng/Zeng ",
        "Zhang/Chang Lin/Ling Soong/Song Lee/Li Chen/Cheng Zhen/Chen Zhou/Chou Jin/Qin Zhao/Chao "
        "Xi/Si Wang/Wan Zhu/Chu Guo/Kuo Gao/Kao Deng/Teng Bai/Pai Cai/Zai Yan/Yang Xian/Xiang "
        "Jiang/Qiang Shan/San Shi/Si Ho/He Han/Hang Hu/Fu Liu/Lu Nan/Lan ",
    ),
    "ko": Pairs(
        "Lee/Yi/Rhee/Ri Park/Pak/Bak Choi/Choe Jung/Jeong/Chung Yoon/Yun Woo/U Kim/Gim "
        "Pyongyang/Pyeongyang Busan/Pusan Moon/Mun Sukyeol/Seokyeol Jaemyung/Jaemyeong "
        "Kyungmin/Gyeongmin Cho/Jo Roh/Noh Kang/Gang Kwon/Gwon  Baek/Paik Hyun/Hyeon  Joon/Jun "
        "Hee/Hui Suh/Seo  Huh/Heo Koo/Gu Geun/Keun ",
        "Tom/Dom Cho/Joo Lee/Li Jongun/Jonghun Jong/Jung Chun/Jun Tae/Dae Suk/Sook Yong/Yeong "
        "Cha/Ja Chae/Jae Kim/Kin Moon/Min Han/Hahn Seo/Soo Ko/Koo Kang/Kwang Yoon/Yong Sung/Sang "
        "Nam/Na Park/Paik Ban/Bang Jin/Jun Lim/Lin Yoo/Yoon Son/Song ",
    ),
    "hi": Pairs(
        "Laxmi/Lakshmi Choudhary/Chaudhary/Chowdhury/Chaudhari Vikram/Wikram Singh/Sinh "
        "Aamir/Amir Sanjeev/Sanjiv Sourav/Saurav Banerjee/Banerji Deepak/Dipak Anoop/Anup "
        "Phogat/Fogat Dubey/Dube Chhattisgarh/Chattisgarh ",
        "Modi/Mody Rahul/Raul Nitish/Nitesh Gandhi/Ghandi Walz/Waltz Sharma/Sarma Arun/Varun "
        "Singh/Singhal Amit/Amita Ram/Rama Sunil/Suneeta Gupta/Dutta ",
    ),
}
ASIDE: dict[str, Pairs] = {
    "ru": Pairs(
        "Artyom/Artem/Artiom Semyon/Semen Alyona/Alena Yekaterina/Ekaterina Vyacheslav/Viacheslav "
        "Anatoly/Anatoliy/Anatolii Gennady/Gennadiy Navalny/Navalnyy Yashin/Iashin "
        "Zyuganov/Ziuganov Kiriyenko/Kirienko Kudryavtsev/Kudriavtsev Rakhimov/Rahimov "
        "Tikhanovskaya/Tihanovskaia Zakharova/Zaharova Yeltsin/Eltsin Patrushev/Patrushev' "
        "Maksim/Maxim Aleksandr/Alexandr Vasilyev/Vasiliev Vasily/Vasilii Dostoyevsky/Dostoevsky "
        "Tchaikovsky/Chaikovsky Kovalyov/Kovalev Yoffe/Ioffe Shchukin/Schukin ",
        "Artyom/Artur Semyon/Simon Kovalev/Kovalenko Navalny/Navalnaya Yashin/Yakshin "
        "Zakharov/Zakharchenko Rogov/Rokov Kozlov/Kozlova Smirnov/Smirnova Mikhail/Mikhalkov "
        "Nikolai/Nikolaev Volkov/Volkova Vasily/Vasilisa Peskov/Petrov Titov/Kitov Frolov/Flerov "
        "Lenin/Levin Stalin/Stolin Morozov/Mozorov Karpov/Karpin Sobyanin/Sobolev Ivanov/Ivanova "
        "Kurchatov/Kurchatkin Houston/Gouston Helmut/Gelmut ",
    ),
    "uk": Pairs(
        "Hennadii/Gennadiy Vasyl/Vasil Kyrylo/Kirilo Oleksii/Oleksiy/Oleksey Bohdana/Bogdana "
        "Zhytomyr/Zhitomir Ternopil/Ternopil' Yuliia/Yulia Mykolaiv/Mykolayiv "
        "Hrushevskyi/Grushevsky Hontareva/Gontareva Yatsenyuk/Iatseniuk ",
        "Vasyl/Vasylko Kyrylo/Kyrylenko Bohdan/Bohdana Zhytomyr/Zhmerynka Mykola/Mykolaiv "
        "Yulia/Yuliana Klymenko/Klimkin Poroshenko/Poroshin Sumy/Sumska Danilov/Danylko "
        "Melnyk/Melnychuk Zaluzhny/Zaluzhnaya ",
    ),
    "ar": Pairs(
        "Ismail/Ismaeel Ibrahim/Ebrahim Mustafa/Moustafa/Mostafa Haniyeh/Haniya "
        "Sheikh/Shaikh/Shaykh Fouad/Fuad Mansour/Mansur Maher/Mahir Bassem/Basim Nouri/Nuri "
        "Idriss/Idris Zaynab/Zeinab/Zainab Layla/Leila Faisal/Feisal/Faysal Jamal/Gamal "
        "Tawfiq/Taufik/Tawfik Abdelaziz/Abdulaziz Abdallah/Abdullah Nasrallah/Nasralla Aoun/Awn "
        "Houthi/Huthi Hafez/Hafiz Munir/Mounir Yasin/Yassin/Yaseen Oualid/Walid ",
        "Ismail/Ismat Ibrahim/Ibrahimi  Fouad/Farid Mansour/Mansouri Maher/Mahmoud Bassem/Bassam "
        "Nouri/Nour Zaynab/Zayn Layla/Lila Faisal/Fadhil Jamal/Kamal Tawfiq/Tariq Aoun/Amin "
        "Hafez/Hafsa Munir/Amir Yasin/Yasir Walid/Khalil Habib/Habash  Bashar/Bashir Latif/Latifa "
        "Saleh/Salah Omar/Umair Assad/Asaad Haitham/Hashim Sadr/Sabr Qatar/Qatari ",
    ),
    "fa": Pairs(
        "Soleimani/Sulaimani Khamenei/Khamenai Vaezi/Waezi Qom/Ghom Behnam/Bihnam Naser/Nasir "
        "Firouz/Firuz/Firooz Gholam/Qolam Javad/Jawad Shirin/Shireen Hossain/Husayn Azizi/Azizy ",
        "Soleimani/Soleymanpour Khamenei/Khatami Javad/Javadi Shirin/Shirvan Naser/Nasrin "
        "Firouz/Farough Mousavi/Moussa Akbar/Akbari Zahra/Zohreh Parviz/Pervin Tabriz/Tabrizi "
        "Karaj/Karachi ",
    ),
    "he": Pairs(
        "Yisrael/Israel  Pinchas/Pinhas Rehovot/Rechovot Dvorah/Dvora Michal/Mikhal "
        "Itamar/Ithamar Mizrachi/Mizrahi Baruch/Barukh Kiryat/Qiryat Katz/Kats Nachum/Nahum "
        "Yechiel/Yehiel ",
        "Pinchas/Pines Michal/Michael Baruch/Barak Katz/Katzav Nachum/Nachman Yossi/Yosef "
        "Rivlin/Rabin Olmert/Olmer Miri/Mira Ayelet/Ayala Smotrich/Smolar Gvir/Gur ",
    ),
    "el": Pairs(
        "Michalis/Mihalis  Dimitris/Dhimitris Theodoros/Theodhoros Antonis/Andonis "
        "Konstantinos/Constantinos/Konstandinos Loukas/Lukas Chania/Hania Yiannis/Giannis "
        "Efstathios/Eustathios Alexandroupoli/Aleksandroupoli Kyriaki/Kiriaki Aggeliki/Angeliki "
        "Paulos/Pavlos Agios/Ayios ",
        "Michalis/Michail Antonis/Antonia Theodoros/Theodora Loukas/Loukia Chania/Chios "
        "Karamanlis/Karamanos Kammenos/Kamenos Venizelos/Venizelou Pappas/Papas Athina/Athinais "
        "Sakellaropoulou/Sakellaridis Patra/Patras ",
    ),
    "bg": Pairs(
        "Haralan/Kharalan Yordan/Iordan/Jordan Varbanov/Vurbanov Valchev/Vulchev Petar/Petur "
        "Mihaylov/Mikhailov Stoyanov/Stoianov Sofiya/Sofia Plevneliev/Plevneliyev "
        "Tsvetan/Tsvetan' Malinoff/Malinov Nikolay/Nikolai Asparuh/Asparukh ",
        "Haralan/Harizan Varbanov/Varbanova Valchev/Velchev Petar/Petrov Mihaylov/Mihalev "
        "Kostov/Kostadinov Rosen/Rumen Sofia/Sofian Petkov/Petkova Janev/Yanova Burgas/Burgov "
        "Vratsa/Varna ",
    ),
    "sr": Pairs(
        "Zoran/Zoran' Dindic/Djindjic/Đinđić Ivanovic/Ivanovich Lukovic/Lukovich "
        "Stankovic/Stankovitch Boljevic/Bolyevich Nenad/Nenad' Stefanovic/Stefanovich "
        "Zeljko/Zhelyko Sreten/Sreten' Jelena/Yelena Kraljevo/Kralyevo ",
        "Djindjic/Dindar Ivanovic/Ivanov Stankovic/Stanisic Zoran/Zorana Jelena/Jelka "
        "Mladic/Mladenovic Ratko/Rade Nis/Niksic Simic/Sinic Tanja/Tijana Mihajlo/Mihajlovic "
        "Chicago/Cicago ",
    ),
    "ja": Pairs(
        "Endo/Endou/Endoh Kondo/Kondou Goto/Gotou/Gotoh Ryosuke/Ryousuke/Ryohsuke Shuzo/Shuuzou "
        "Yuichi/Yuuichi/Yu'ichi Ken'ichi/Kenichi Tsuda/Tuda Fujii/Huzii Jiro/Jirou/Ziro "
        "Shimpei/Shinpei Namba/Nanba Tyugoku/Chugoku/Chuugoku Mitsui/Mitui Hokkaido/Hokkaidou "
        "Tanba/Tamba Ohyama/Oyama Junji/Jyunji Shigeru/Sigeru Chikara/Tikara Taro/Tarou/Taroh "
        "Koichi/Kouichi Joji/Jouji ",
        "Endo/Ando Kondo/Konno Goto/Kato Ryosuke/Keisuke Yuichi/Yoichi Kenichi/Kenji Tsuda/Suda "
        "Fujii/Fuji Jiro/Ichiro Shimizu/Shimazu Sendai/Senda Mitsui/Mitsuru Hokkaido/Hokuriku "
        "Oyama/Koyama Junji/Shinji Shigeru/Shigeo Taro/Toru Koichi/Koji Joji/Jojo Kumamoto/Kumano "
        "Suga/Sugi Niigata/Nigata Sasaki/Sasagi Harada/Hara ",
    ),
    "zh": Pairs(
        "Hsiaoping/Xiaoping Tsehua/Zehua Chiang/Jiang Hsuehliang/Xueliang Tsou/Zou Tsui/Cui "
        "Sung/Song Jui/Rui Jhih/Zhi Cyuan/Quan Syu/Xu Liou/Liu Guei/Gui Fong/Feng Wun/Wen "
        "Chih/Zhi Yen/Yan Hung/Hong Chien/Jian Chia/Jia Nieh/Nie Pien/Bian Hsin/Xin Tsung/Zong "
        "Erh/Er ",
        "Xiaoping/Xiaobing Zehua/Zehu Cui/Zui Rui/Lui Quan/Qian Xu/Su Wen/Weng Feng/Fang "
        "Rong/Long Ning/Ling Ma/Mao Lai/Lei Pan/Ban Tao/Dao Tang/Dang Tan/Dan Ke/Ge Kang/Gang "
        "Peng/Beng Pei/Bei Luo/Lou He/Hei Yin/Ying Qi/Ji Xiao/Shao Sun/Xun ",
    ),
    "ko": Pairs(
        "Seong/Sung Kyung/Gyeong Myung/Myeong Hyung/Hyeong Byung/Byeong Cheol/Chul Paik/Baek "
        "Bae/Pae Lim/Im/Rim Yeom/Yum Jang/Chang Joo/Ju Gwangju/Kwangju Jeju/Cheju Jaewook/Jaeuk "
        "Seunghee/Seunghui Kihoon/Gihun Minseok/Minsuk Hyunjin/Hyeonjin Sooyoung/Suyeong "
        "Dongwon/Dongweon Bumsoo/Beomsu Kookjin/Gukjin Youngjae/Yeongjae Choi/Choy "
        "Gyeonggi/Kyonggi ",
        "Seong/Seung  Cheol/Jeol  Jang/Jeong Joo/Jo Jaewook/Jaewoo Minseok/Minsook Hyunjin/Hyejin "
        "Sooyoung/Seoyoung Dongwon/Dongwan Bumsoo/Bosoo Youngjae/Yongjae Min/Bin Yang/Young "
        "Hong/Hwang Kwon/Kwan Ha/Han Ryu/Roh Shim/Shin Seoul/Suwon Ulsan/Yongsan Jiwon/Jiwoo "
        "Minho/Minhee Hana/Hanna Eunji/Eunju ",
    ),
    "hi": Pairs(
        "Sachdeva/Sachdewa Mukherjee/Mukherji Rajeev/Rajiv Pooja/Puja Yadav/Yadaw "
        "Jaishankar/Jayshankar Shastri/Shastry Raksha/Raxa Poonam/Punam Gowda/Gauda Aakash/Akash "
        "Kaushik/Koushik ",
        "Sachdeva/Sachdev Rajeev/Raj Pooja/Priya Yadav/Jadav Jaishankar/Shankar Mehta/Mehra "
        "Kumar/Kumari Lal/Lalu Joshi/Josh Patel/Patil Ashok/Ashoka Sonia/Soni Desai/Dasai ",
    ),
}
LATER: dict[str, Pairs] = {
    "ru": Pairs(
        "Lyudmila/Liudmila Matvey/Matvei Oksana/Oxana Kseniya/Ksenia/Xenia Prokopyev/Prokopiev "
        "Tretyakov/Tretiakov Chuvashov/Chuvashev Belyaev/Beliaev/Belyayev Khalilov/Halilov "
        "Yulia/Julia Bezuglyi/Bezugly Turchynov/Turchinov Oleksandr/Olexandr ",
        "Matvey/Matveev Oksana/Oleksana Belyaev/Belov Nemtsov/Nemtsova Grigory/Gregory "
        "Alexei/Alex Kiril/Kirov Ufa/Ufimtsev Vladimir/Vladislav Bolton/Balton Macron/Makron "
        "Hollande/Gollande Wagner/Vagner Hague/Gaga ",
    ),
    "uk": Pairs(
        "Yevheniia/Evgenia Honcharenko/Goncharenko Hlib/Glib Sviatoslav/Svyatoslav Kryvyi/Krivyi "
        "Sievierodonetsk/Severodonetsk Huliaipole/Gulyaipole Lysychansk/Lisichansk Ihnat/Ignat ",
        "Honcharenko/Honcharuk Hlib/Hlibov Severodonetsk/Donetsk Ihnat/Ihor Hugo/Gugo Hamas/Gamas "
        "Henry/Genry Honda/Gonda ",
    ),
    "ar": Pairs(
        "Tareq/Tarik Fadel/Fadil Bouteflika/Buteflika Noureddine/Nureddin Khalil/Khaleel "
        "Sulaymaniyah/Sulaimaniya Raafat/Rafat Hesham/Hisham Mounia/Munia Amin/Ameen "
        "Farouk/Faruq/Farooq Zakaria/Zakariya Nizar/Nezar Abbas/Abbass Ghassan/Ghasan "
        "Ashraf/Achraf Mosul/Mosoul Touati/Tuati ",
        "Tareq/Tariqi Fadel/Fadl Khalil/Khalid Rafat/Rifat Hesham/Hashem Farouk/Faris "
        "Nizar/Nasser Ashraf/Ashrafi Merkel/Mirkil Biden/Bidin Scholz/Schulz Obama/Osama "
        "Johnson/Jonson Miller/Millir Karzai/Karzi Harris/Haris Rubio/Rubia ",
    ),
    "ja": Pairs(
        "Shoji/Syoji/Shouji Matsumoto/Matumoto Ryota/Ryouta Shinji/Sinzi Chiba/Tiba "
        "Tempura/Tenpura Yohei/Youhei Eiichi/Eiiti Tetsuo/Tetuo Mitsuhashi/Mituhasi Gotoh/Goto "
        "Ohkawa/Okawa Kyushu/Kyuushuu ",
        "Shoji/Soji Matsumoto/Matsuda Ryota/Ryoto Kaoru/Kaori Yohei/Yoshi Noda/Node "
        "Tetsuo/Tetsuya Goto/Godo Abe/Ebe Obama/Obana Toda/Tada Kimura/Kitamura Biden/Bidan "
        "Nomura/Namura ",
    ),
    "zh": Pairs(
        "Hsinchu/Xinchu Yungfa/Yongfa Chiehshi/Jieshi Tzuyi/Ziyi Jenmin/Renmin Hsuan/Xuan "
        "Jyun/Jun Wunhua/Wenhua Sihjhih/Sizhi Pinghsiang/Pingxiang ",
        "Xinzhu/Xinzhou Yongfa/Yongfan Ziyi/Zhiyi Sima/Shima Jian/Qian Xuan/Xun Wenhua/Wanhua "
        "Shanxi/Shaanxi Lijian/Liqian Qingdao/Jingdao Biden/Byden Lee/Leigh ",
    ),
    "ko": Pairs(
        "Heejin/Huijin Jihoon/Jihun Sungmin/Seongmin Yoonseok/Yunseok Chanwook/Chanuk "
        "Eunkyung/Eungyeong Pyeongchang/Pyongchang Daejung/Daejeong Kyuhyun/Gyuhyeon "
        "Sangwoo/Sangu Youngsoo/Yeongsu Junghoon/Jeonghun Taehyung/Taehyeong "
        "Wonbin/Weonbin ",
        "Heejin/Hyejin Jihoon/Jihyun Sungmin/Sangmin Yoonseok/Yoonseo Chanwook/Chanwoo "
        "Daejung/Taejung Kyuhyun/Kyungyun Sangwoo/Sangho Youngsoo/Youngsook Taehyung/Taehyun "
        "Hyeri/Hyeji Biden/Viden Peter/Beter Dan/Tan Paul/Baul ",
    ),
    "fa": Pairs(
        "Mohsen/Muhsin Ghasemi/Qasemi Mousavi/Musavi/Mousawi Saeedi/Saidi Javadi/Jawadi "
        "Ghorbani/Qorbani Shahroud/Shahrud ",
        "Ghasemi/Hashemi Mousavi/Mousavian Merkel/Mirkil Javadi/Jadid ",
    ),
    "he": Pairs(
        "Yishai/Ishai Rachel/Rahel Moshe/Mosheh Achinoam/Ahinoam Tzachi/Tsahi Chanan/Hanan ",
        "Rachel/Rafael Tzachi/Tzahal Hanan/Hannah Scholz/Shulz Merz/Mertz ",
    ),
    "el": Pairs(
        "Kyriazis/Kiriazis Giorgia/Yorgia Xenia/Ksenia Chrysa/Hrisa Gkikas/Gikas ",
        "Kyriazis/Kyriakos Xenia/Xanthi Gikas/Kikas Scholz/Schulz ",
    ),
    "hi": Pairs(
        "Sheela/Shila Vishwanath/Vishvanath Rakshit/Raxit Gaurav/Gourav Neeraj/Niraj "
        "Suryavanshi/Suryawanshi ",
        "Sheela/Sheila Gaurav/Gauri Scholz/Schulz Neeraj/Nirja ",
    ),
    "bg": Pairs(
        "Hristov/Khristov Georgi/Gueorgui Parvan/Purvan Yana/Iana Filipov/Filipoff ",
        "Hristov/Hristova Georgi/Georgiev Scholz/Schulz ",
    ),
    "sr": Pairs(
        "Nikcevic/Nikčević Radojicic/Radoyichich Petkovic/Petkovich Zeljka/Zhelyka Vranje/Vranye ",
        "Petkovic/Petrovic Vranje/Vranja Scholz/Solz ",
    ),
}
TARGETS: dict[tuple[str, str], Pairs] = {
    ("ru", "de"): Pairs(
        "Medwedew/Medvedev/Medwedjew Schoigu/Shoigu Selenskyj/Zelensky/Selenski "
        "Chruschtschow/Khrushchev Kusnezow/Kuznetsov Tschernihiw/Chernihiv "
        "Schewtschenko/Shevchenko Gorbatschow/Gorbachev Charkiw/Kharkiv Cherson/Kherson "
        "Wassili/Vasily Schirinowski/Zhirinovsky Lawrow/Lavrov Arestowytsch/Arestovych "
        "Sergej/Sergei Jelzin/Yeltsin Janukowytsch/Yanukovych Kiew/Kiev "
        "Schtscherbakow/Shcherbakov Chodorkowski/Khodorkovsky Puschkin/Pushkin Achmetow/Akhmetov "
        "Jewgeni/Yevgeny Nawalny/Navalny ",
        "Walz/Waltz Merz/Mertz Harry/Garry Medwedew/Medwedewa Schoigu/Schuigu Lawrow/Lafrow "
        "Iwanow/Iwanowa Zelensky/Zelinsky Chodorkowski/Kodorkowski Puschkin/Puschkina "
        "Gromow/Gramow Petrow/Petrowski ",
    ),
    ("ru", "fr"): Pairs(
        "Poutine/Putin Choïgou/Shoigu Khrouchtchev/Khrushchev Chevtchenko/Shevchenko "
        "Serguei/Sergei Jirinovski/Zhirinovsky Eltsine/Yeltsin Oulianov/Ulyanov "
        "Kouznetsov/Kuznetsov Lavrov/Lavroff Pouchkine/Pushkin Loukachenko/Lukashenko "
        "Staline/Stalin Lénine/Lenin ",
        "Poutine/Poutina Lavrov/Lafrov Lénine/Levine Choïgou/Choïbou Pouchkine/Pouchka "
        "Marine/Marin Zelensky/Zelinsky ",
    ),
    ("ru", "es"): Pairs(
        "Jersón/Kherson Járkov/Kharkov Serguéi/Sergei Mijaíl/Mikhail Jruschov/Khrushchov "
        "Zelenski/Zelensky Shoigú/Shoigu Jodorkovski/Khodorkovsky ",
        "Jersón/Gerson Járkov/Zharkov Mijaíl/Miguel Lavrov/Lafrov José/Rose Serguéi/Sergio ",
    ),
    ("ru", "cs"): Pairs(
        "Zelenskyj/Zelensky Šojgu/Shoigu Medveděv/Medvedev Puškin/Pushkin Charkiv/Kharkiv "
        "Kuzněcov/Kuznetsov Žirinovskij/Zhirinovsky Navalnyj/Navalny Ščerbakov/Shcherbakov "
        "Lukašenko/Lukashenko ",
        "Lavrov/Lavrova Puškin/Puškina Kirov/Kyjev Šojgu/Šojka ",
    ),
    ("ru", "pl"): Pairs(
        "Miedwiediew/Medvedev Szojgu/Shoigu Zełenski/Zelensky Charków/Kharkov Chersoń/Kherson "
        "Chruszczow/Khrushchov Gorbaczow/Gorbachov Ławrow/Lavrov Kuzniecow/Kuznetsov "
        "Szewczenko/Shevchenko Łukaszenko/Lukashenko Puszkin/Pushkin Żyrinowski/Zhirinovsky "
        "Nawalny/Navalny Jewgienij/Yevgeny ",
        "Putin/Putina Ławrow/Ławrowa Miedwiediew/Miedwiedkin Nawalny/Nawalna Szojgu/Szojka ",
    ),
    ("ar", "de"): Pairs(
        "Hisbollah/Hizbollah Raschid/Rashid Jussuf/Yusuf Chalid/Khalid ",
        "Hisbollah/Hamas Raschid/Raschad Chalid/Walid Jussuf/Jassin ",
    ),
    ("ar", "fr"): Pairs(
        "Youssef/Yusuf Rachid/Rashid Kadhafi/Gaddafi Hocine/Hussein ",
        "Youssef/Yassine Rachid/Rachad Kadhafi/Khalifa Hocine/Hassan ",
    ),
}
"""By source and target language. English spellings occur in other languages too."""
